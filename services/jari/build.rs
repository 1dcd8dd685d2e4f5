//! Takes in the built pages, or, where there are none (they need Node.js), a page that says so.

const PAGES: &str = "../../web/dist";
const NO_PAGES: &str = "no-pages";

fn main() {
    println!("cargo::rerun-if-changed={PAGES}");
    let built = std::path::Path::new(PAGES).join("index.html").is_file();
    memory_serve::load_directory(if built { PAGES } else { NO_PAGES });
}
