//! Taking files: staged, read, examined, recorded with what has to be done
//! about them. Whatever was recorded is carried out later, also after a crash.

mod batches;
mod commit;
mod content;
mod drafts;
mod earlier;
mod look;
mod ours;
mod plan;
mod repeats;
mod round;
mod seen;

pub use commit::{add_all, commit, next_version};
pub use content::content_digest;
pub use look::{
    Accepted, Looked, NotYet, Sight, declare_nil, examine, guess_program, last_rows, look, refusal, standing,
};
pub use plan::{NewFile, plan, push_projections};
pub use round::{Intake, Look, Round};
