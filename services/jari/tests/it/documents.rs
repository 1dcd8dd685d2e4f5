//! What the program makes from its own command line: completions for shells, and man pages.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::server::jari;

fn said(arguments: &[&str]) -> String {
    let output = jari().args(arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What a real bash offers after these words.
fn offered(script: &str, words: &str) -> Vec<String> {
    let ask = format!(
        "{script}\nCOMP_WORDS=({words} '')\nCOMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n\
         _jari jari '' \"${{COMP_WORDS[COMP_CWORD - 1]}}\"\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n"
    );
    let mut bash = Command::new("bash")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    bash.stdin
        .take()
        .unwrap()
        .write_all(ask.as_bytes())
        .unwrap();
    let output = bash.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let offered = String::from_utf8(output.stdout).unwrap();
    offered.lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_options_and_values() {
    let script = said(&["completions", "bash"]);
    for (words, wanted, other) in [
        ("jari", "staff-key", "--data"),
        ("jari event", "open", "serve"),
        ("jari serve", "--internal-listen", "--event"),
        ("jari serve --log-format", "json", "--data"),
    ] {
        let offered = offered(&script, words);
        let is_offered = |word: &str| offered.iter().any(|one| one == word);
        assert!(
            is_offered(wanted) && !is_offered(other),
            "{words}: {offered:?}"
        );
    }
    assert!(said(&["completions", "zsh"]).starts_with("#compdef jari\n"));
    assert!(said(&["completions", "fish"]).contains("complete -c jari"));
}

#[test]
fn every_command_has_a_page_that_leads_to_those_below_it() {
    let folder = tempfile::tempdir().unwrap();
    let output = jari()
        .env("JARI_LISTEN", "192.0.2.7:1")
        .args(["man", "--dir"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    // Every page is led to by the one above it, and there is no other.
    let (mut reached, mut pages) = (vec!["jari".to_owned()], 0);
    while let Some(name) = reached.pop() {
        let page = read(&format!("{name}.1"));
        assert!(
            page.contains("\n.SH EXAMPLES\n.nf\n") && page.contains("\n.fi\n"),
            "{name}"
        );
        assert!(!page.contains(".SH EXTRA"), "{name}");
        assert!(
            page.contains(concat!("\"jari ", env!("CARGO_PKG_VERSION"), "\"")),
            "{name}"
        );
        // What this machine sets is nobody else's business.
        assert!(!page.contains("192.0.2.7"), "{name}");
        pages += 1;
        let below = page.lines().filter_map(|line| line.strip_suffix("(1)"));
        reached.extend(below.map(|one| one.replace("\\-", "-")));
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), pages);
    assert!(pages > 20, "{pages}");
    let serve = read("jari-serve.1");
    assert!(!serve.contains(".SH SUBCOMMANDS"), "{serve}");
    assert!(serve.contains("JARI_INTERNAL_LISTEN"), "{serve}");
    assert!(said(&["man"]).contains("\n.SH NAME\njari \\-"));
}

#[test]
fn pages_that_cannot_be_written_are_told() {
    let output = jari()
        .args(["man", "--dir", "/proc/nowhere"])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("/proc/nowhere/jari.1"), "{told}");
    assert!(
        told.contains("--dir") && told.lines().count() == 1,
        "{told}"
    );
}
