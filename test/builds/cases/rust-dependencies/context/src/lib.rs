pub fn words(text: &str) -> usize {
    tally::count(text.split_whitespace())
}
