/**
 * A table as CSV that spreadsheets open as it is: UTF-8 with BOM, CRLF, RFC 4180 quotes. Text that a spreadsheet
 * would take for a formula gets an apostrophe in front and stays text (OWASP: CSV injection).
 */
const BOM = '\uFEFF';
const FORMULA_START = /^[=+\-@\t\r]/;
const PLAIN_NUMBER = /^-?\d+(\.\d+)?$/;

function cell(value) {
  const text = value === null || value === undefined ? '' : String(value);
  const safe = FORMULA_START.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n;']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** rows: lists of values, the first one the heads. */
export function csvText(rows) {
  return BOM + rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}
