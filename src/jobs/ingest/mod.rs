//! Taking files: staged, read, examined, recorded with what has to be done
//! about them. Whatever was recorded is carried out later, also after a crash.

mod accepted;
mod aside;
mod bad_names;
mod batches;
mod beside;
mod commit;
mod compete;
mod content;
mod drafts;
mod earlier;
mod elsewhere;
mod examine;
mod last_saved;
mod look;
mod ours;
mod plan;
mod round;
mod seen;
mod turn;
mod unharmed;

pub use accepted::{Accepted, standing};
pub use aside::try_again;
pub use commit::commit;
pub use content::content_digest;
pub use examine::{Keep, declare_nil, examine, guess_program, refusal, rows_of};
pub use look::{Looked, NotYet, Sight};
pub use plan::{NewFile, plan, push_projections};
pub use round::{Intake, Look, Round};
