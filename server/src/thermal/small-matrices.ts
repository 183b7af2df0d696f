/** Symmetric positive matrices of a few rows, stored row by row. */

/** The inverse, by Gauss and Jordan without pivoting: enough for a positive matrix. */
export function inverse(matrix: readonly number[], size: number): number[] {
  const work = [...matrix]
  const result = Array.from({ length: size * size }, (_, index): number => (index % (size + 1) === 0 ? 1 : 0))
  const scaleRow = (row: number, factor: number) => {
    for (let j = row * size; j < (row + 1) * size; j++) {
      work[j] = (work[j] ?? 0) * factor
      result[j] = (result[j] ?? 0) * factor
    }
  }
  for (let column = 0; column < size; column++) {
    scaleRow(column, 1 / (work[column * size + column] ?? 1))
    for (let i = 0; i < size; i++) {
      if (i === column) continue
      const factor = work[i * size + column] ?? 0
      for (let j = 0; j < size; j++) {
        work[i * size + j] = (work[i * size + j] ?? 0) - factor * (work[column * size + j] ?? 0)
        result[i * size + j] = (result[i * size + j] ?? 0) - factor * (result[column * size + j] ?? 0)
      }
    }
  }
  return result
}

/** Lower triangle L with L·Lᵀ = matrix (Cholesky). What rounding makes negative counts as almost nothing. */
export function lowerTriangle(matrix: readonly number[], size: number): number[] {
  const lower = new Array<number>(size * size).fill(0)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let left = matrix[i * size + j] ?? 0
      for (let k = 0; k < j; k++) left -= (lower[i * size + k] ?? 0) * (lower[j * size + k] ?? 0)
      lower[i * size + j] = i === j ? Math.sqrt(Math.max(1e-8, left)) : left / (lower[j * size + j] ?? 1)
    }
  }
  return lower
}
