//! Ten thousand letters through the whole outbox to a mail server on this machine: the ladder is walked, letters are
//! recorded, worded, marked as being sent, handed over by SMTP, and recorded as sent.
//!
//! `cargo bench --bench letters [-- UNITS]`. One round takes half a minute and is much the same each time, so that it is
//! timed with a watch instead of criterion's many samples.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use chrono::DateTime;
use taizhang::config::Config;
use taizhang::domain::letters::Hold;
use taizhang::domain::letters::LetterState;
use taizhang::jobs::clock::Clock;
use taizhang::jobs::remind::{send, walk};
use taizhang::jobs::site::Site;
use taizhang::{daemon, embedded};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

const PROGRAM: &str = "wutang-visits";

/// Three working days before November's ledger is due.
const NOW: &str = "2024-12-02T09:00:00+08:00";

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    let units = std::env::args()
        .find_map(|own| own.parse().ok())
        .unwrap_or(10_000);
    let folder = tempfile::tempdir()?;
    let taken = Arc::new(AtomicUsize::new(0));
    let port = serve(taken.clone()).await?;
    prepare(folder.path(), units, port)?;
    let config = Config::load(&folder.path().join("config.toml"))?;
    let clock = Clock::standing(config.site.zone, DateTime::parse_from_rfc3339(NOW)?.to_utc());
    let site = Arc::new(Site::open(daemon::options(&config), clock).await?);
    let timed = |what: &str, began: Instant, letters: usize| {
        let seconds = began.elapsed().as_secs_f64();
        let rate = f64::from(u32::try_from(letters).unwrap_or(u32::MAX)) / seconds;
        println!("{what}: {letters} letters in {seconds:.2} s, {rate:.0} a second");
    };
    let began = Instant::now();
    let walked = walk(&site, Hold::default()).await?;
    timed("walked and recorded", began, walked.letters);
    let handing_over = Instant::now();
    let sent = send(&site).await?;
    timed("worded, handed over, recorded", handing_over, sent);
    timed("together", began, sent);
    anyhow::ensure!(
        sent == units && taken.load(Ordering::SeqCst) == units,
        "{sent} sent"
    );
    let left = site
        .store
        .letters(&[LetterState::Queued, LetterState::Attempting])
        .await?;
    anyhow::ensure!(left.is_empty(), "{} letters are left", left.len());
    Ok(())
}

/// A site whose letters go to a server on a port of this machine, without a limit.
fn prepare(folder: &Path, units: usize, port: u16) -> anyhow::Result<()> {
    embedded::write_site(folder, &[PROGRAM.to_owned()])?;
    let roster = folder.join("templates/programs").join(PROGRAM).join("roster.csv");
    let shipped = fs::read_to_string(&roster)?;
    let mut text = shipped.lines().next().unwrap_or_default().to_owned();
    for n in 0..units {
        write!(
            text,
            "\nN{n:05},单位{n:05},单位{n:05},,,,袁庆,2024-11-11,,,l{n}@bench.internal,,h{n}@bench.internal"
        )?;
    }
    fs::write(&roster, text)?;
    let path = folder.join("config.toml");
    let mut config = fs::read_to_string(&path)?;
    for (from, to) in [
        ("transport = \"file\"", "transport = \"smtp\""),
        ("host = \"\"", "host = \"127.0.0.1\""),
        ("port = 0", &format!("port = {port}")),
        ("security = \"starttls\"", "security = \"none\""),
        ("from_address = \"\"", "from_address = \"office@bench.internal\""),
        ("rate_per_minute = 12", "rate_per_minute = 100000"),
        ("rate_per_day = 90", "rate_per_day = 10000000"),
    ] {
        anyhow::ensure!(config.contains(from), "config.toml has no {from}");
        config = config.replacen(from, to, 1);
    }
    fs::write(&path, config)?;
    Ok(())
}

/// A mail server that takes everything and counts it.
async fn serve(taken: Arc<AtomicUsize>) -> anyhow::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, taken.clone()));
        }
    });
    Ok(port)
}

async fn converse(stream: TcpStream, taken: Arc<AtomicUsize>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 bench\r\n").await?;
    let mut in_letter = false;
    while let Some(line) = lines.next_line().await? {
        let reply: &[u8] = match line.as_str() {
            "." if in_letter => {
                in_letter = false;
                taken.fetch_add(1, Ordering::SeqCst);
                b"250 taken\r\n"
            }
            _ if in_letter => continue,
            "DATA" => {
                in_letter = true;
                b"354 go on\r\n"
            }
            "QUIT" => b"221 bye\r\n",
            _ => b"250 ok\r\n",
        };
        writer.write_all(reply).await?;
    }
    Ok(())
}
