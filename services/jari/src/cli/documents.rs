//! What is made from the command line itself: completions for shells, and man pages.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Cli;
use crate::output::say_bytes;

const NAME: &str = "jari";

/// For which shell.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  jari completions bash > /usr/share/bash-completion/completions/jari
  jari completions zsh > /usr/share/zsh/vendor-completions/_jari
  jari completions fish > /usr/share/fish/vendor_completions.d/jari.fish

The Debian package brings those three.")]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

/// Where the pages go.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  jari man | man --local-file -
  jari man --dir /usr/share/man/man1

The Debian package brings them.")]
pub struct ManArgs {
    /// A directory that is there, for the pages of all commands; without it, jari(1) goes to standard output
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// `jari completions`.
pub fn completions(args: &CompletionsArgs) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), NAME, &mut script);
    say_bytes(&script);
    ExitCode::SUCCESS
}

/// `jari man`.
pub fn man(args: &ManArgs) -> anyhow::Result<ExitCode> {
    match &args.dir {
        Some(folder) => write_pages(folder)?,
        None => say_bytes(&page(command())?),
    }
    Ok(ExitCode::SUCCESS)
}

/// The command line as the pages tell of it. `help` is no page of its own: every page is help.
fn command() -> clap::Command {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    command
}

/// A command's page.
fn page(command: clap::Command) -> anyhow::Result<Vec<u8>> {
    let has_more_below = command.has_subcommands();
    let page = clap_mangen::Man::new(command)
        .source(concat!("jari ", env!("CARGO_PKG_VERSION")))
        .manual("Jari");
    let (mut text, mut below) = (Vec::new(), Vec::new());
    page.render_title(&mut text)?;
    page.render_name_section(&mut text)?;
    page.render_synopsis_section(&mut text)?;
    page.render_description_section(&mut text)?;
    page.render_options_section(&mut text)?;
    if has_more_below {
        page.render_subcommands_section(&mut text)?;
    }
    page.render_extra_section(&mut below)?;
    text.extend(with_examples(&String::from_utf8(below)?).into_bytes());
    Ok(text)
}

/// What stands below a command's help: its examples stay line by line, as a shell takes them.
fn with_examples(below: &str) -> String {
    let Some((before, rest)) = below.split_once(".SH EXTRA\nExamples:\n") else {
        return below.to_owned();
    };
    let (examples, more) = rest.split_once("\n\n").unwrap_or((rest.trim_end(), ""));
    let more = if more.is_empty() {
        String::new()
    } else {
        format!(".SH NOTES\n{}", more.replace("\n\n", "\n.PP\n"))
    };
    format!("{before}.SH EXAMPLES\n.nf\n{examples}\n.fi\n{more}")
}

fn write_pages(folder: &Path) -> anyhow::Result<()> {
    let mut left = vec![command()];
    while let Some(command) = left.pop() {
        left.extend(command.get_subcommands().cloned());
        let name = command.get_display_name().unwrap_or(NAME).to_owned();
        let file = folder.join(format!("{name}.1"));
        std::fs::write(&file, page(command)?).with_context(|| {
            let file = file.display();
            format!("{file} can't be written: name a directory that is there with --dir")
        })?;
    }
    Ok(())
}
