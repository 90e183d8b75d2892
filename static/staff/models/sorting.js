/** Rows in the order of one column, up or down; rows without a value stand last both ways. */
const compareText = new Intl.Collator('zh-CN', { numeric: true }).compare;

function absent(value) {
  return value === null || value === undefined || value === '';
}

function compare(one, other) {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return compareText(String(one), String(other));
}

/** A sorted copy. `value(row)` is what the column sorts by; equal rows keep their order. */
export function sortRows(rows, value, descending) {
  return [...rows].sort((one, other) => {
    const [first, second] = [value(one), value(other)];
    if (absent(first) || absent(second)) return absent(first) - absent(second);
    return descending ? compare(second, first) : compare(first, second);
  });
}
