//! The child's side: reads files one after the other until its parent is gone.

use std::io::{self, Read, Write};
use std::path::Path;

use super::failure::ReadFailure;
use super::in_process::{Caught, read_caught};
use super::limits::Limits;
use super::protocol::{self, Answer, GREETING, Job};
use crate::platform;

/// Serves as a reading child of [`super::ReaderPool`] on the given streams.
/// Limits this process for good, so it is only for a process of its own.
///
/// # Errors
/// When the limits can't be set or the parent breaks off in the middle of a message.
pub fn serve(mut input: impl Read, mut output: impl Write) -> io::Result<()> {
    // A panic is an answer here; its message would only blur the daemon's log.
    std::panic::set_hook(Box::new(|_| {}));
    let Some(limits) = protocol::read::<Limits>(&mut input)? else {
        return Ok(());
    };
    platform::limit_this_process(limits.address_space)?;
    protocol::write(&mut output, &GREETING)?;
    while let Some(job) = protocol::read::<Job>(&mut input)? {
        platform::allow_cpu(limits.cpu)?;
        let answer = answer(Path::new(&job.path), &limits);
        let spent = matches!(answer, Answer::Spent);
        if let Some(bytes) = protocol::frame(&answer)? {
            output.write_all(&bytes)?;
        } else {
            let failure = ReadFailure::TooLarge("表格内容过多".into());
            protocol::write(&mut output, &Answer::Done(Err(failure)))?;
        }
        output.flush()?;
        if spent {
            break;
        }
    }
    Ok(())
}

fn answer(path: &Path, limits: &Limits) -> Answer {
    match read_caught(path, limits) {
        Ok(Caught::Verdict(verdict)) => Answer::Done(verdict),
        Ok(Caught::Panic) => Answer::Spent,
        Err(error) => Answer::NotReached(error.to_string()),
    }
}
