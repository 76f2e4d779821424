//! Tables in Markdown.

/// A table with a head.
pub(super) fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let rows = rows.into_iter().map(|cells| line(&cells.map(|cell| cell.replace('|', "\\|").replace('\n', " "))));
    let head = line(&head.map(str::to_owned)) + &format!("|{}\n", "---|".repeat(N));
    rows.fold(head, |table, row| table + &row)
}

/// A word as it is typed; nothing for nothing.
pub(super) fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

/// A text that was written for a terminal, as it reads.
pub(super) fn plain(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if matches!(c, '*' | '<') {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_do_not_break_the_table() {
        let expected = "| a | b |\n|---|---|\n| x\\|y | 1 2 |\n";
        assert_eq!(table(["a", "b"], [["x|y".to_owned(), "1\n2".to_owned()]]), expected);
        assert_eq!(plain("* for all <x>"), "\\* for all \\<x>");
    }
}
