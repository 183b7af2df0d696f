/** Does a filter with `+` and `#` match a topic? (MQTT 3.1.1, section 4.7) */
export function matchesTopic(filter: string, topic: string): boolean {
  if (filter === topic) return true
  const [wanted, levels] = [filter.split('/'), topic.split('/')]
  // Topics of the broker itself are not matched by a wildcard in front.
  if (topic.startsWith('$') && wanted[0] !== levels[0]) return false
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return true
    if (index >= levels.length || (level !== '+' && level !== levels[index])) return false
  }
  return wanted.length === levels.length
}
