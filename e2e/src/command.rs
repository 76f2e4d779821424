//! Commands that are run to their end.

use std::{
    collections::VecDeque,
    ffi::OsStr,
    io::{self, BufRead, BufReader, PipeReader, Write},
    process::{Child, Command, Output, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use crate::{Error, Result, progress::Progress};

/// How often a long command shows that it is alive.
const BEAT: Duration = Duration::from_secs(5);
/// How many lines of a long command's output its failure shows.
const KEPT: usize = 40;

/// Runs a command, with something to read for it, and gives what it wrote to standard output.
///
/// # Errors
/// [`Error::Command`] with both of its outputs when it fails.
pub fn run(command: &mut Command, input: Option<&str>) -> Result<String> {
    let output = output(command, input)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    let said = text(&output.stderr) + &text(&output.stdout);
    Err(Error::Command { command: show(command), status: output.status, output: said.trim().to_owned() })
}

fn output(command: &mut Command, input: Option<&str>) -> Result<Output> {
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = start(command)?;
    let stdin = child.stdin.take();
    let failed = |source| Error::Io { what: show(command), source };
    thread::scope(|scope| {
        if let (Some(mut stdin), Some(input)) = (stdin, input) {
            // A command that does not read to the end tells by its status what it thinks of its input.
            scope.spawn(move || stdin.write_all(input.as_bytes()).ok());
        }
        child.wait_with_output()
    })
    .map_err(failed)
}

fn start(command: &mut Command) -> Result<Child> {
    command.spawn().map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => {
            Error::Missing { what: show_program(command), install: "install it, or put it on PATH".into() }
        }
        _ => Error::Io { what: show(command), source },
    })
}

/// Runs a command that takes minutes, and shows while it works what it says.
///
/// # Errors
/// [`Error::Command`] with its last lines when it fails.
pub fn run_long(mut command: Command, progress: &Progress) -> Result<()> {
    let failed = |source| Error::Io { what: "pipe".into(), source };
    let (reader, writer) = io::pipe().map_err(failed)?;
    command.stdin(Stdio::null()).stdout(writer.try_clone().map_err(failed)?).stderr(writer);
    let shown = show(&command);
    let mut child = start(&mut command)?;
    // The command holds the pipe's write end: while it lives, the end of the output is never seen.
    drop(command);
    let last = follow(&lines(reader), progress);
    let status = child.wait().map_err(failed)?;
    if status.success() {
        return Ok(());
    }
    Err(Error::Command { command: shown, status, output: Vec::from(last).join("\n") })
}

fn lines(reader: PipeReader) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            if sender.send(text).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Reads to the end, shows a line now and then, and keeps the last ones.
fn follow(lines: &Receiver<String>, progress: &Progress) -> VecDeque<String> {
    let mut last = VecDeque::new();
    let (mut count, mut shown) = (0_usize, Instant::now());
    loop {
        match lines.recv_timeout(BEAT.saturating_sub(shown.elapsed())) {
            Ok(line) => {
                count += 1;
                last.push_back(line);
                if last.len() > KEPT {
                    last.pop_front();
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return last,
        }
        if shown.elapsed() >= BEAT {
            shown = Instant::now();
            progress.beat(count, last.back().map_or("", String::as_str));
        }
    }
}

fn show_program(command: &Command) -> String {
    let name = std::path::Path::new(command.get_program()).file_name();
    name.unwrap_or(command.get_program()).to_string_lossy().into_owned()
}

/// The command line for people, without the directory of the program and without the link flags that nobody reads.
fn show(command: &Command) -> String {
    let short = |arg: &OsStr| {
        let arg = arg.to_string_lossy();
        if arg.len() > 120 { "…".to_owned() } else { arg.into_owned() }
    };
    let words = command.get_args().map(short);
    std::iter::once(show_program(command)).chain(words).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn gives_standard_output() {
        assert_eq!(run(&mut sh("cat; echo no >&2"), Some("yes")).unwrap(), "yes");
    }

    #[test]
    fn a_failure_shows_what_the_command_said() {
        let error = run(&mut sh("echo why >&2; exit 3"), None).unwrap_err().to_string();
        assert!(error.contains("exit status: 3") && error.contains("why"), "{error}");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = run(&mut Command::new("/nowhere/no-such-program"), None).unwrap_err().to_string();
        assert!(error.starts_with("no-such-program is needed"), "{error}");
    }

    #[test]
    fn a_long_command_that_fails_shows_its_last_lines() {
        let error = run_long(sh("seq 100; exit 1"), &Progress::quiet()).unwrap_err().to_string();
        assert!(error.contains("\n100") && error.contains("\n61") && !error.contains("\n60\n"), "{error}");
    }
}
