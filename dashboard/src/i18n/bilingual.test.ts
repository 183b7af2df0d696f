import { describe, expect, it } from 'vitest'
import { halfOf, nameIn } from './bilingual.ts'

describe('nameIn', () => {
  it.each([
    [{ name: '进风', nameEn: 'Inlet' }, 'zh-CN', '进风'],
    [{ name: '进风', nameEn: 'Inlet' }, 'en', 'Inlet'],
    [{ name: '进风', nameEn: '' }, 'en', '进风'],
    [{ name: '', nameEn: '' }, 'en', ''],
  ])('of %o in %s is %s', (names, language, shown) => {
    expect(nameIn(names, language)).toBe(shown)
  })
})

describe('halfOf', () => {
  it('splits a sentence that carries both languages', () => {
    expect(halfOf('请填写原因 / give the cause', 'zh-CN')).toBe('请填写原因')
    expect(halfOf('请填写原因 / give the cause', 'en')).toBe('give the cause')
  })
  it('splits where the Chinese ends, not at the first slash', () => {
    expect(halfOf('温度 / 湿度有误 / temperature or humidity wrong', 'en')).toBe('temperature or humidity wrong')
    expect(halfOf('1–64 个字符，不含 + # / / 1–64 characters without + # /', 'en')).toBe('1–64 characters without + # /')
  })
  it('splits the sentences of settings too', () => {
    expect(halfOf('端口 · Port', 'zh-CN')).toBe('端口')
    expect(halfOf('应为 a / b 之一 · one of a / b', 'en')).toBe('one of a / b')
  })
  it('leaves a sentence in one language alone', () => {
    expect(halfOf('V / A', 'zh-CN')).toBe('V / A')
    expect(halfOf('没有权限', 'en')).toBe('没有权限')
  })
})
