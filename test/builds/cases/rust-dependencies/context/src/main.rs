fn main() {
    let text: Vec<String> = std::env::args().skip(1).collect();
    println!("{} words", words::words(&text.join(" ")));
}
