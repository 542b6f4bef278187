//! Names of the custom document properties that stamp the workbooks we write.

/// Id of the programme.
pub const PROGRAM: &str = "taizhang-program";
/// Id of the unit; absent when the form is for any unit.
pub const UNIT: &str = "taizhang-unit";
/// The period's text form.
pub const PERIOD: &str = "taizhang-period";
/// Version of the form.
pub const FORM: &str = "taizhang-form";
/// What kind of workbook of ours it is, and the digest of its cells; see
/// [`super::own_digest`].
pub const DIGEST: &str = "taizhang-digest";
/// Which table of which programme's roster it is, and the SHA-256 of the file
/// that it was made from.
pub const ROSTER: &str = "taizhang-roster";
