//! Counts. It takes a while to compile, as most of what real programs depend on does.

pub fn count<T>(items: impl Iterator<Item = T>) -> usize {
    items.count()
}

/// A rung of a ladder of types, of which each is compiled on its own.
pub trait Rung {
    fn climb(height: usize) -> usize;
}

pub struct Ground;

pub struct Above<Below>(std::marker::PhantomData<Below>);

impl Rung for Ground {
    fn climb(height: usize) -> usize {
        height
    }
}

impl<Below: Rung> Rung for Above<Below> {
    #[inline(never)]
    fn climb(height: usize) -> usize {
        let mut steps: Vec<(usize, String)> = (0..height).map(|step| (step * 7 % 13, step.to_string())).collect();
        steps.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let known: std::collections::BTreeMap<usize, String> = steps.into_iter().collect();
        known.len() + Below::climb(height / 2)
    }
}

type Four<T> = Above<Above<Above<Above<T>>>>;
type Sixteen<T> = Four<Four<Four<Four<T>>>>;
type Ladder = Sixteen<Sixteen<Sixteen<Sixteen<Ground>>>>;

pub fn climb(height: usize) -> usize {
    Ladder::climb(height)
}
