//! The command line: one file a command.

/// Prints a line; a reader that went away (`| head`) is no fault.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($words)*);
    }};
}

mod accept;
mod args;
mod backup;
mod check;
mod claim;
mod clock;
mod demo;
mod doctor;
mod exempt;
mod extend;
mod form;
mod holidays;
mod init;
mod items;
mod letters;
mod log;
mod master;
mod output;
mod program;
mod recheck;
mod recover;
mod reject;
mod restore;
mod roster;
mod run;
mod schedule;
mod setup;
mod show;
mod site;
mod status;
mod usage;
mod user;
mod when;
mod withdraw;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All well.
    Well,
    /// The thing asked about is not well.
    NotWell,
}

/// A fault of use or configuration: exit status 2.
pub use crate::desk::Misuse;

/// Parses the command line, runs the command, gives the exit code.
#[must_use]
pub fn main() -> ExitCode {
    // The reading child must start at once and touch nothing else.
    if std::env::args_os()
        .nth(1)
        .is_some_and(|word| word == "read-workbook")
    {
        return match crate::workbook::read::serve(std::io::stdin().lock(), std::io::stdout().lock()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            if error.use_stderr() {
                eprint!("{}", usage::in_words(&error));
                return ExitCode::from(2);
            }
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
    };
    crate::platform::share_arenas();
    // The demo tells its own story.
    let quiet = matches!(args.command, Command::Demo(_));
    output::start_log(args.verbose, quiet);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("启动不了：{error}");
            return ExitCode::from(1);
        }
    };
    let ended = runtime.block_on(async {
        let ended = dispatch(args).await;
        site::close().await;
        ended
    });
    match ended {
        Ok(Exit::Well) => ExitCode::SUCCESS,
        Ok(Exit::NotWell) => ExitCode::from(1),
        Err(error) => {
            if let Some(words) = crate::store::busy(&error) {
                eprintln!("{words}。");
                return ExitCode::from(1);
            }
            eprintln!("{}", crate::store::in_words(&error));
            if let Some(remedy) = crate::store::remedy(&error) {
                eprintln!("{remedy}。");
            }
            ExitCode::from(if error.downcast_ref::<Misuse>().is_some() {
                2
            } else {
                1
            })
        }
    }
}

async fn dispatch(args: Args) -> anyhow::Result<Exit> {
    let common = args.common();
    match args.command {
        Command::Init(options) => init::run(&common, &options).await,
        Command::Setup(options) => Box::pin(setup::run(&common, &options)).await,
        Command::Run(options) => run::run(&common, &options).await,
        Command::Demo(options) => demo::run(&common, &options).await,
        Command::Check(options) => check::run(&common, &options).await,
        Command::Status(options) => status::run(&common, &options).await,
        Command::Schedule(options) => schedule::run(&common, &options).await,
        Command::Log(options) => log::run(&common, &options).await,
        Command::Letters(options) => letters::run(&common, &options).await,
        Command::Master(options) => master::run(&common, &options).await,
        Command::Form(options) => form::run(&common, &options).await,
        Command::Claim(options) => claim::run(&common, &options).await,
        Command::Clock(command) => clock::run(&common, &command).await,
        Command::Accept(options) => accept::run(&common, &options).await,
        Command::Show(options) => show::run(&common, &options).await,
        Command::Reject(options) => reject::run(&common, &options).await,
        Command::Withdraw(options) => withdraw::run(&common, &options).await,
        Command::Recheck(options) => recheck::run(&common, &options).await,
        Command::Exempt(options) => exempt::run(&common, &options).await,
        Command::Extend(options) => extend::run(&common, &options).await,
        Command::Roster(command) => roster::run(&common, &command).await,
        Command::Program(command) => program::run(&common, &command).await,
        Command::Items(command) => items::run(&common, &command).await,
        Command::Holidays(options) => holidays::run(&common, &options).await,
        Command::User(command) => user::run(&common, &command).await,
        Command::Backup(options) => backup::run(&common, &options).await,
        Command::Restore(options) => restore::run(&common, &options).await,
        Command::Recover => recover::run(&common).await,
        Command::Doctor(options) => doctor::run(&common, &options).await,
    }
}
