use super::*;
use crate::domain::language::Language;
use crate::inbox::SENTINEL;

fn layout() -> Layout {
    let units = [("洪文泽".to_owned(), "u1".into())].into();
    let folders = ProgramFolders {
        program: "p".into(),
        units,
        own: ["洪文泽", "待确认单位"].map(str::to_owned).into(),
        words: FolderWords::of(Language::Chinese),
    };
    Layout {
        programs: [("挂点".to_owned(), folders)].into(),
        ignore: vec!["*.ini".into()],
        sentinel: true,
    }
}

fn put(root: &Path, path: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, "x").unwrap();
}

#[test]
fn files_are_found_with_their_place() {
    let root = tempfile::tempdir().unwrap();
    for path in [
        SENTINEL,
        "散落.xlsx",
        WELCOME,
        "挂点/直接.xlsx",
        "挂点/洪文泽/a.xlsx",
        "挂点/洪文泽/2024-11/b.xlsx",
        "挂点/洪文泽/退回修改/2024-11/c.xlsx",
        "挂点/洪文泽/~$a.xlsx",
        "挂点/待确认单位/d.xlsx",
        "挂点/陌生人/e.xlsx",
        "别的/f.xlsx",
        "挂点/x.ini",
    ] {
        put(root.path(), path);
    }
    std::os::unix::fs::symlink("/etc/passwd", root.path().join("挂点/洪文泽/link.xlsx")).unwrap();
    let scan = scan(root.path(), &layout()).unwrap();
    let seen: Vec<_> = scan
        .found
        .iter()
        .map(|found| {
            (
                found.path.as_str(),
                found.place.unit.as_deref(),
                found.place.zone,
                found.locked,
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("挂点/待确认单位/d.xlsx", None, Zone::Unclaimed, false),
            ("挂点/洪文泽/2024-11/b.xlsx", Some("u1"), Zone::Drop, false),
            ("挂点/洪文泽/a.xlsx", Some("u1"), Zone::Drop, true),
            (
                "挂点/洪文泽/退回修改/2024-11/c.xlsx",
                Some("u1"),
                Zone::Returned,
                false
            ),
            ("挂点/直接.xlsx", None, Zone::Drop, false),
            ("挂点/陌生人/e.xlsx", None, Zone::Drop, false),
        ]
    );
    assert_eq!(scan.at_root, ["散落.xlsx"]);
    assert_eq!(scan.unknown_folders, ["别的"]);
    assert_eq!(scan.refused, ["挂点/洪文泽/link.xlsx"]);
    assert_eq!(scan.found[3].place.period.as_deref(), Some("2024-11"));
}

#[test]
fn an_absent_share_is_no_empty_share() {
    let root = tempfile::tempdir().unwrap();
    assert!(matches!(
        scan(root.path(), &layout()),
        Err(ScanError::NoSentinel(_))
    ));
    assert!(matches!(
        scan(&root.path().join("gone"), &layout()),
        Err(ScanError::Away(..))
    ));
}

#[test]
#[cfg(unix)]
fn something_else_in_place_of_the_sentinel_is_named() {
    let root = tempfile::tempdir().unwrap();
    let layout = Layout {
        sentinel: true,
        ..Layout::default()
    };
    let said = || scan(root.path(), &layout).unwrap_err().to_string();
    assert!(said().contains("没有标志文件"), "{}", said());
    let path = root.path().join(SENTINEL);
    fs::create_dir(&path).unwrap();
    assert!(
        said().contains("处是一个文件夹") && said().contains("移走"),
        "{}",
        said()
    );
    fs::remove_dir(&path).unwrap();
    std::os::unix::fs::symlink("/nowhere", &path).unwrap();
    assert!(said().contains("处是一个链接"), "{}", said());
}
