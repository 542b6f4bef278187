//! A site of its own for a test: files dropped by hand, a stepped clock, one
//! pass at a time. Nothing sleeps: files settle at once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use taizhang::config::Config;
use taizhang::domain::finding::Verdict;
use taizhang::domain::ids::UnitId;
use taizhang::domain::submission::Record;
use taizhang::domain::table::{Value, Workbook};
use taizhang::jobs::clock::Clock;
use taizhang::jobs::ingest::Round;
use taizhang::jobs::pass;
use taizhang::jobs::progress::Progress;
use taizhang::jobs::site::Site;
use taizhang::mail::{MemoryTransport, Message, Transport};
use taizhang::workbook::read::{Limits, read_in_process};
use taizhang::{daemon, embedded};

/// The programme of the shipped samples.
pub const PROGRAM: &str = "wutang-visits";

/// Monday, 2 December 2024, nine o'clock.
pub const MORNING: &str = "2024-12-02T09:00:00+08:00";

pub struct TestSite {
    folder: tempfile::TempDir,
    /// Folder of the programme that is tested, on the share.
    below: &'static str,
    pub site: Arc<Site>,
}

impl TestSite {
    /// A site with the Wutang programme, at nine on 2 December 2024.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// As [`TestSite::new`], with its files changed before it opens.
    pub async fn with(change: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        embedded::write_site(folder.path(), &[PROGRAM.to_owned()]).unwrap();
        change(folder.path());
        let site = open(folder.path(), MORNING).await;
        pass::prepare(&site).await.unwrap();
        let below = "乌塘挂点台账";
        Self { folder, below, site }
    }

    /// A site with a shipped programme, whose folder on the share is `below`,
    /// with letters that go out to be read by [`TestSite::sent`].
    pub async fn of(program: &str, below: &'static str, now: &str) -> Self {
        Self::shipped(&[program], below, now, |_| {}).await
    }

    /// The same of several programmes, of whose files some are changed first.
    pub async fn shipped(
        programs: &[&str],
        below: &'static str,
        now: &str,
        change: impl FnOnce(&Path),
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let programs: Vec<String> = programs.iter().map(|own| (*own).to_owned()).collect();
        embedded::write_site(folder.path(), &programs).unwrap();
        change(folder.path());
        let mut site = open(folder.path(), now).await;
        Arc::get_mut(&mut site).unwrap().transport = Transport::Memory(MemoryTransport::new());
        pass::prepare(&site).await.unwrap();
        Self { folder, below, site }
    }

    /// The same site after its files were changed.
    pub async fn reopened(own: Self, now: &str) -> Self {
        let Self { folder, below, site } = own;
        drop(site);
        let mut site = open(folder.path(), now).await;
        Arc::get_mut(&mut site).unwrap().transport = Transport::Memory(MemoryTransport::new());
        pass::prepare(&site).await.unwrap();
        Self { folder, below, site }
    }

    /// The same of a programme that is shipped on trial and isn't any more.
    pub async fn running(program: &str, below: &'static str, now: &str) -> Self {
        Self::shipped(&[program], below, now, |root| {
            assert!(live(root, program), "{program} isn't on trial");
        })
        .await
    }

    /// As [`TestSite::with`], with letters that go out to be read by [`TestSite::sent`].
    pub async fn posting(change: impl FnOnce(&Path)) -> Self {
        let mut own = Self::with(change).await;
        let site = Arc::get_mut(&mut own.site).unwrap();
        site.transport = Transport::Memory(MemoryTransport::new());
        own
    }

    /// Letters that went out, oldest first.
    pub fn sent(&self) -> Vec<Message> {
        match &self.site.transport {
            Transport::Memory(memory) => memory.taken(),
            other => panic!("{other:?}"),
        }
    }

    pub fn at(&self, now: &str) -> &Self {
        self.site
            .clock
            .set(DateTime::parse_from_rfc3339(now).unwrap().to_utc());
        self
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A path on the share, below the programme's folder.
    pub fn share(&self, path: &str) -> PathBuf {
        self.site.options.watch.join(self.below).join(path)
    }

    /// A file of the month's output folder.
    pub fn output(&self, name: &str) -> PathBuf {
        self.site.options.output.join("乌塘挂点台账/2024-11").join(name)
    }

    pub fn drop_file(&self, path: &str, bytes: &[u8]) -> &Self {
        let path = self.share(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    /// Drops a shipped sample into a folder of the programme.
    pub fn drop_sample(&self, name: &str, folder: &str) -> &Self {
        self.drop_file(
            format!("{folder}/{}", name.rsplit('/').next().unwrap()).trim_start_matches('/'),
            &sample(name),
        )
    }

    pub async fn run(&self) -> Round {
        pass::once(&self.site, &Progress::default()).await.unwrap().0
    }

    /// All submissions, oldest first.
    pub async fn records(&self) -> Vec<Record> {
        self.site.store.all_submissions().await.unwrap()
    }

    pub async fn last(&self) -> Record {
        self.records().await.pop().expect("nothing was taken")
    }

    /// The verdict of the last submission of a file name.
    pub async fn verdict(&self, name: &str) -> Verdict {
        let records = self.records().await;
        let record = records.iter().rev().find(|record| record.file_name == name);
        record.unwrap_or_else(|| panic!("{name} was not taken")).verdict
    }

    /// Codes of the last submission's findings.
    pub async fn codes(&self) -> Vec<&'static str> {
        let findings = self.site.store.findings(self.last().await.id).await.unwrap();
        findings.iter().map(|finding| finding.code.as_str()).collect()
    }

    pub fn exists(&self, path: &str) -> bool {
        self.share(path).exists()
    }

    /// The id of a unit of the programme.
    pub fn unit(&self, name: &str) -> UnitId {
        let program = self.site.program(PROGRAM).unwrap();
        program.roster.find(name).unwrap().id.clone()
    }

    /// Names in a folder of the programme, sorted.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.share(folder))
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Masters of the month that were kept aside because a person had edited them.
    pub fn edited_masters(&self) -> Vec<PathBuf> {
        let all = fs::read_dir(self.output("")).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = all.map(|entry| entry.path()).collect();
        paths.retain(|path| path.to_string_lossy().contains("汇总台账（人工改动"));
        paths.sort();
        paths
    }

    pub fn master(&self) -> Workbook {
        read(&self.output("汇总台账.xlsx"))
    }
}

/// The headers of the visits' ledger.
pub const HEADERS: [&str; 8] = [
    "序号",
    "调研时间",
    "调研地点",
    "调研内容",
    "调研成效",
    "调研推动解决问题数量(个)",
    "联系人及联系方式",
    "备注",
];

/// Ends the trial of a shipped programme; tells whether it was on one.
pub fn live(root: &Path, program: &str) -> bool {
    let file = root.join(format!("templates/programs/{program}/program.toml"));
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\ntrial = true\n", "\ntrial = false\n")).unwrap();
    text.contains("\ntrial = true\n")
}

/// Opens a site in a folder at an instant.
pub async fn open(folder: &Path, now: &str) -> Arc<Site> {
    let config = Config::load(&folder.join("config.toml")).unwrap();
    let mut options = daemon::options(&config);
    options.settle = Duration::ZERO;
    options.reader = env!("CARGO_BIN_EXE_taizhang").into();
    options.children = 2;
    let clock = Clock::standing(
        config.site.zone,
        DateTime::parse_from_rfc3339(now).unwrap().to_utc(),
    );
    Arc::new(Site::open(options, clock).await.unwrap())
}

/// A shipped sample by its path below `templates/demo/wutang-2024-11`.
pub fn sample(name: &str) -> Vec<u8> {
    let found = embedded::demo("wutang-2024-11")
        .into_iter()
        .find(|(path, _)| *path == Path::new(name));
    found.unwrap_or_else(|| panic!("no sample {name}")).1.to_vec()
}

/// All shipped ledgers but the later correction.
pub fn samples() -> Vec<(String, &'static [u8])> {
    embedded::demo("wutang-2024-11")
        .into_iter()
        .filter(|(path, _)| path.components().count() == 1)
        .map(|(path, bytes)| (path.to_str().unwrap().to_owned(), bytes))
        .filter(|(name, _)| name != "expected.json")
        .collect()
}

/// Reads a workbook.
pub fn read(path: &Path) -> Workbook {
    read_in_process(path, &Limits::default())
        .unwrap_or_else(|failure| panic!("{}: {failure:?}", path.display()))
}

/// All cells of a sheet by their address.
pub fn cells(workbook: &Workbook, sheet: &str) -> BTreeMap<String, String> {
    let sheet = workbook.sheets.iter().find(|own| own.name == sheet);
    let sheet = sheet.unwrap_or_else(|| panic!("no sheet, there are {:?}", names(workbook)));
    let mut cells = BTreeMap::new();
    for row in &sheet.rows {
        for cell in &row.cells {
            let at = taizhang::domain::table::Pos::new(row.index, cell.column);
            cells.insert(at.to_string(), cell.value.display().into());
        }
    }
    cells
}

pub fn names(workbook: &Workbook) -> Vec<&str> {
    workbook.sheets.iter().map(|sheet| sheet.name.as_str()).collect()
}

/// Writes a workbook's values anew, as an editor does on saving, with some cells changed.
pub fn save_with(workbook: &Workbook, changes: &[(&str, &str, &str)]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    for sheet in &workbook.sheets {
        let target = book.add_worksheet();
        target.set_name(&sheet.name).unwrap();
        target.set_hidden(sheet.hidden);
        for row in &sheet.rows {
            for cell in &row.cells {
                let (row, column) = (row.index, cell.column);
                let replaced = changes
                    .iter()
                    .any(|(name, at, _)| *name == sheet.name && address(at) == (row, column));
                if replaced {
                    continue;
                }
                match &cell.value {
                    Value::Text(text) => target.write_string(row, column, text.as_str()).unwrap(),
                    Value::Number(number) => target.write_number(row, column, *number).unwrap(),
                    Value::Date(at) => {
                        let day = at.date();
                        let (year, month, of) = {
                            use chrono::Datelike;
                            (day.year(), day.month(), day.day())
                        };
                        let at = rust_xlsxwriter::ExcelDateTime::from_ymd(
                            u16::try_from(year).unwrap(),
                            u8::try_from(month).unwrap(),
                            u8::try_from(of).unwrap(),
                        );
                        target
                            .write_datetime_with_format(row, column, at.unwrap(), &date)
                            .unwrap()
                    }
                    _ => continue,
                };
            }
        }
        for (name, cell, text) in changes {
            if *name == sheet.name {
                let (row, column) = address(cell);
                target.write_string(row, column, *text).unwrap();
            }
        }
    }
    let mut properties = rust_xlsxwriter::DocProperties::new();
    for (name, value) in &workbook.properties {
        properties = properties.set_custom_property(name.as_str(), value.as_str());
    }
    book.set_properties(&properties);
    book.save_to_buffer().unwrap()
}

/// `B6` as 0-based row and column.
fn address(cell: &str) -> (u32, u16) {
    let letters: String = cell.chars().take_while(char::is_ascii_alphabetic).collect();
    let column = letters
        .bytes()
        .fold(0u16, |sum, byte| sum * 26 + u16::from(byte - b'A') + 1)
        - 1;
    (cell[letters.len()..].parse::<u32>().unwrap() - 1, column)
}

/// A workbook of which each part is what `change` makes of its name and bytes.
pub fn rewritten(book: &[u8], change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    use std::io::{Cursor, Read as _, Write as _};
    let mut from = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut part = from.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        let bytes = change(&name, bytes);
        to.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        to.write_all(&bytes).unwrap();
    }
    to.finish().unwrap().into_inner()
}

/// Every file below a folder with its bytes.
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}
