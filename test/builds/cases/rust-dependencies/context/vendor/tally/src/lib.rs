pub fn count<T>(items: impl Iterator<Item = T>) -> usize {
    items.count()
}
