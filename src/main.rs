//! taizhang（台账）.

use std::process::ExitCode;

fn main() -> ExitCode {
    let is_reader = std::env::args_os()
        .nth(1)
        .is_some_and(|command| command == "read-workbook");
    if is_reader
        && taizhang::workbook::read::serve(std::io::stdin().lock(), std::io::stdout().lock()).is_err()
    {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
