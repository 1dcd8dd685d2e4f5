//! The files of the repository.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that are made by building, testing and running, not written by people.
const NOT_OURS: [&str; 5] = ["target", "data", "bench-results", "node_modules", "dist"];

/// A text file.
#[derive(Debug, Clone)]
pub struct File {
    /// From the root of the repository, with `/`.
    pub path: String,
    pub text: String,
}

impl File {
    pub fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    /// Whether all of this file, by where it stands, is for tests.
    pub fn is_for_tests(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        self.path.split('/').any(|part| part == "tests")
            || self.path.starts_with("crates/house-rules/")
            || ["tests.rs", "testing.rs", "histories.rs", "samples.rs"].contains(&name)
            || self.path.contains("/conformance")
    }

    /// The part of this file that is for tests: all of it, or what stands under `#[cfg(test)]`.
    pub fn test_part(&self) -> &str {
        if self.is_for_tests() {
            return &self.text;
        }
        let module = concat!("#[cfg(", "test)]\nmod tests {");
        self.text
            .find(module)
            .map_or("", |start| &self.text[start..])
    }
}

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap().to_owned()
}

/// All files whose names end with `ending`, in the order of their paths.
pub fn files(ending: &str) -> Vec<File> {
    let root = root();
    let mut files = Vec::new();
    collect(&root, &root, ending, &mut files);
    files.sort_by(|left, right| left.path.cmp(&right.path));
    files
}

fn collect(root: &Path, folder: &Path, ending: &str, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy();
        if name.starts_with('.') || NOT_OURS.contains(&&*name) {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, ending, files);
        } else if name.ends_with(ending) {
            let from_root = path.strip_prefix(root).unwrap();
            let from_root = from_root.to_string_lossy().replace('\\', "/");
            files.push(File {
                path: from_root,
                text: fs::read_to_string(&path).unwrap(),
            });
        }
    }
}

/// Fails with everything that was found.
pub fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn the_repository_is_found_with_its_files() {
    let sources = files(".rs");
    assert!(sources.len() > 50, "{}", sources.len());
    assert!(
        sources
            .iter()
            .any(|file| file.path == "services/jari/src/main.rs")
    );
}

#[test]
fn what_is_for_tests_is_told_by_place_and_by_module() {
    let text = concat!("fn a() {}\n#[cfg(", "test)]\nmod tests {\n fn b() {}\n}\n");
    assert!(
        File::new("crates/a/src/x.rs", text)
            .test_part()
            .contains("fn b")
    );
    assert!(
        !File::new("crates/a/src/x.rs", text)
            .test_part()
            .contains("fn a")
    );
    assert!(File::new("crates/a/src/tests/x.rs", text).is_for_tests());
    assert!(File::new("services/a/tests/it/main.rs", text).is_for_tests());
    assert_eq!(File::new("crates/a/src/x.rs", "fn a() {}").test_part(), "");
}
