//! The system on ten machines, which are network namespaces of this one: a gateway, two instances each of ticketing-core and
//! queue-service, staff-api, Redis with a replica and three sentinels, `PostgreSQL` with a standby. People buy without
//! pause while one machine after another is lost; no seat may be sold twice, and nothing that was answered be lost.
//!
//! `machines` loses all of them, `machines core-1 redis-1:off` those: unplugged, or switched off.

use std::io::Write as _;
use std::process::ExitCode;

mod asking;
mod buyers;
mod losses;
mod network;
mod postgres;
mod redis;
mod system;
mod verdict;

use losses::Loss;
use system::System;
use verdict::Verdict;

/// The first argument, once there are namespaces.
const INSIDE: &str = "--inside";

#[expect(
    clippy::print_stderr,
    reason = "this is where a person reads what went wrong"
)]
fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let done = match asked.split_first() {
        Some((first, names)) if first == INSIDE => lose(names),
        _ => {
            let arguments = [[INSIDE.to_owned()].as_slice(), &asked].concat();
            // It comes back only if that did not work.
            Err(network::enter(&arguments))
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("machines: {error}");
            ExitCode::FAILURE
        }
    }
}

fn lose(names: &[String]) -> Result<(), String> {
    let named = names.iter().map(String::as_str);
    let all: Vec<&str> = if names.is_empty() {
        losses::ALL.to_vec()
    } else {
        named.collect()
    };
    let all: Vec<Loss> = all.into_iter().map(Loss::parse).collect::<Result<_, _>>()?;
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let programs = program.parent().unwrap_or(&program);
    let mut system = System::start(programs)?;
    let mut verdict = Verdict::new(losses::put_on_sale(&system)?);
    say("Ten machines are up, and an event is on sale.");
    for (nth, loss) in all.iter().enumerate() {
        let suffered = losses::suffer(&mut system, &mut verdict, loss, nth);
        match suffered {
            Ok(told) => say(&told),
            Err(error) => {
                let logs = system.keep();
                return Err(format!("{loss}: {error}\nThe logs are in {logs}."));
            }
        }
    }
    let (losses, sales) = (all.len(), verdict.count());
    say(&format!(
        "{losses} losses, {sales} sales: no seat was sold twice, and nothing that was answered was lost."
    ));
    Ok(())
}

fn say(what: &str) {
    // Nobody may be reading.
    let _ = writeln!(std::io::stdout(), "{what}");
}
