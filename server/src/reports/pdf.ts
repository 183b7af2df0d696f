import type { Block, ReportHead, RichText } from './document.ts'
import { drawChart } from './pdf/chart.ts'
import { drawLabels } from './pdf/labels.ts'
import { COLORS, LEADING, MARGIN, Paper } from './pdf/paper.ts'
import { drawPicture, drawQr } from './pdf/pictures.ts'
import { drawTable } from './pdf/table.ts'

const CONTENTS_LINE = 9.5 * LEADING
const HEADINGS = {
  1: { size: 16, before: 0, after: 8 },
  2: { size: 12.5, before: 12, after: 5 },
  3: { size: 10.5, before: 8, after: 3 },
} as const

/** Draws blocks one after the other; `end` numbers the pages and writes the contents. Runs in the report worker: laying out thousands of lines takes seconds. */
export class PdfReport {
  readonly #paper: Paper

  constructor(head: ReportHead, onBytes: (bytes: Buffer) => void, onEnd: () => void) {
    this.#paper = new Paper(head)
    this.#paper.doc.on('data', onBytes)
    this.#paper.doc.on('end', onEnd)
  }

  add(block: Block): void {
    const paper = this.#paper
    switch (block.kind) {
      case 'cover':
        drawCover(paper, block)
        return
      case 'heading': {
        const { size, before, after } = HEADINGS[block.level]
        const lines = paper.lines(block.text, paper.width, size, true)
        // A heading stays with the beginning of what follows.
        paper.room(before + lines.length * size * LEADING + after + 46)
        if (paper.y > paper.top) paper.y += before
        if (block.entry) {
          const name = `entry-${paper.entries.length}`
          paper.doc.addNamedDestination(name, 'XYZ', 0, paper.y, null)
          paper.doc.outline.addItem(block.text)
          paper.entries.push({ text: block.text, level: block.level, page: paper.page, name })
        }
        paper.paragraph(block.text, { size, isBold: true, color: block.tone ? COLORS[block.tone] : COLORS.text })
        paper.y += after
        return
      }
      case 'paragraph':
        paper.paragraph(block.text)
        paper.y += 4
        return
      case 'facts':
        drawFacts(paper, block.facts)
        return
      case 'table':
        drawTable(paper, block)
        paper.y += 6
        return
      case 'picture':
        drawPicture(paper, block)
        return
      case 'chart':
        drawChart(paper, block)
        return
      case 'qr':
        drawQr(paper, block.text, block.caption)
        return
      case 'labels':
        drawLabels(paper, block.labels)
        return
      case 'page':
        if (paper.page < 0 || paper.y > paper.top) paper.newPage()
        return
      case 'contents': {
        const perPage = Math.floor((paper.bottom - paper.top - 40) / CONTENTS_LINE)
        const count = Math.max(1, Math.ceil(block.entries / perPage))
        paper.newPage()
        paper.contentsPages = { title: block.title, first: paper.page, count }
        for (let more = 1; more < count; more++) paper.newPage()
        paper.y = paper.bottom
        return
      }
      case 'sheet':
      case 'progress':
        return
    }
  }

  end(): void {
    const paper = this.#paper
    if (paper.page < 0) paper.newPage()
    drawContents(paper)
    drawHeadsAndFeet(paper)
    paper.doc.end()
  }
}

function drawCover(paper: Paper, { title, subtitle, facts }: Extract<Block, { kind: 'cover' }>): void {
  paper.newPage()
  paper.y = paper.top + 130
  paper.paragraph(paper.head.organisation, { size: 14, color: COLORS.muted })
  paper.y += 6
  paper.paragraph(title, { size: 28, isBold: true })
  paper.paragraph(subtitle, { size: 14, color: COLORS.muted })
  paper.y += 22
  paper.rule(paper.y, COLORS.text)
  paper.y += 14
  drawFacts(paper, facts, 10.5)
  paper.y = paper.bottom
}

/** Label and value, two columns; long values wrap beside their label. */
function drawFacts(paper: Paper, facts: readonly (readonly [string, RichText])[], size = 9.2): void {
  const labelWidth = Math.min(paper.width * 0.26, 150)
  for (const [label, value] of facts) {
    const labels = paper.lines(label, labelWidth - 8, size)
    const values = paper.lines(value, paper.width - labelWidth, size)
    const step = size * LEADING
    for (let index = 0; index < Math.max(labels.length, values.length); index++) {
      paper.room(step)
      const labelLine = labels[index]
      const valueLine = values[index]
      if (labelLine) paper.line(labelLine, MARGIN, paper.y, size, COLORS.muted)
      if (valueLine) paper.line(valueLine, MARGIN + labelWidth, paper.y, size)
      paper.y += step
    }
    paper.y += 1.5
  }
  paper.y += 6
}

function drawContents(paper: Paper): void {
  const place = paper.contentsPages
  if (!place) return
  const size = 9.5
  const perPage = Math.floor((paper.bottom - paper.top - 40) / CONTENTS_LINE)
  for (let index = 0; index < place.count; index++) {
    paper.doc.switchToPage(place.first + index)
    let y = paper.top
    if (index === 0) paper.line([{ text: place.title, bold: true }], MARGIN, y, 16)
    y += 36
    for (const entry of paper.entries.slice(index * perPage, (index + 1) * perPage)) {
      const number = String(entry.page + 1)
      const indent = (entry.level - 1) * 14
      const [line = []] = paper.lines(entry.text, paper.width - indent - 40, size, entry.level === 1)
      paper.line(line, MARGIN + indent, y, size)
      const end = MARGIN + indent + line.reduce((sum, span) => sum + paper.textWidth(span.text, size, span.bold), 0)
      const numberAt = MARGIN + paper.width - paper.textWidth(number, size)
      if (numberAt - end > 16) {
        const dotsY = y + size * 1.15
        paper.doc
          .moveTo(end + 6, dotsY)
          .lineTo(numberAt - 6, dotsY)
          .lineWidth(0.5)
          .dash(1, { space: 3 })
          .strokeColor(COLORS.rule)
          .stroke()
        paper.doc.undash()
      }
      paper.line([{ text: number }], numberAt, y, size)
      paper.doc.goTo(MARGIN, y, paper.width, CONTENTS_LINE, entry.name)
      y += CONTENTS_LINE
    }
  }
}

function drawHeadsAndFeet(paper: Paper): void {
  const { head } = paper
  const count = paper.page + 1
  const size = 7.8
  for (let page = 0; page < count; page++) {
    paper.doc.switchToPage(page)
    const right = (text: string, y: number): void =>
      paper.line([{ text }], MARGIN + paper.width - paper.textWidth(text, size), y, size, COLORS.muted)
    const [title = []] = paper.lines(head.title, paper.width * 0.62, size)
    const [organisation = []] = paper.lines(head.organisation, paper.width * 0.36, size)
    paper.line(title, MARGIN, MARGIN, size, COLORS.muted)
    right(organisation.map((span) => span.text).join(''), MARGIN)
    paper.rule(MARGIN + 15)
    const footY = paper.bottom + 10
    paper.rule(footY - 2)
    const [foot = []] = paper.lines(head.foot, paper.width * 0.78, size)
    paper.line(foot, MARGIN, footY + 2, size, COLORS.muted)
    right(head.language === 'zh' ? `第 ${page + 1} 页 / 共 ${count} 页` : `Page ${page + 1} of ${count}`, footY + 2)
  }
}
