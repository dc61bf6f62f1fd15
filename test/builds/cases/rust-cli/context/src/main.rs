fn fib(n: u32) -> u64 {
    (0..n).fold((0, 1), |(a, b), _| (b, a + b)).0
}

fn main() {
    let n = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(10);
    println!("fib({n}) = {}", fib(n));
}
