use super::*;
use crate::inbox::SENTINEL;

/// A share that is there.
fn present() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join(SENTINEL), "").unwrap();
    root
}

#[test]
#[cfg(unix)]
fn no_link_is_followed_whatever_is_done() {
    let (root, outside) = (present(), tempfile::tempdir().unwrap());
    let share = Share::new(root.path());
    fs::create_dir(root.path().join("unit")).unwrap();
    fs::write(root.path().join("unit/a.txt"), "a").unwrap();
    fs::write(outside.path().join("own.txt"), "own").unwrap();
    let fresh = share.write("unit/d", b"one", None).unwrap();
    let stat = share.stat("unit/a.txt").unwrap();
    // Somebody puts a link where the folder was.
    fs::rename(root.path().join("unit/d"), root.path().join("moved")).unwrap();
    std::os::unix::fs::symlink(outside.path(), root.path().join("unit/d")).unwrap();
    let blocked = [
        share.write("unit/d", b"two", None).map(drop),
        share.publish(&"unit/d".into(), "n.txt", fresh, &[]).map(drop),
        share
            .move_into(
                "unit/a.txt",
                stat,
                [0; 32].into(),
                &"unit/d/2024-11".into(),
                "a.txt",
            )
            .map(drop),
        share
            .make_folder("unit/d/2024-11")
            .map(drop)
            .map_err(io::Error::from),
        share.hash("unit/d/own.txt").map(drop),
    ];
    for error in blocked.map(Result::unwrap_err) {
        assert!(error.to_string().contains("“unit/d”处是一个链接"), "{error}");
    }
    assert_eq!(share.stat("unit/d/own.txt"), None);
    let sha256 = crate::platform::durable::sha256(b"own").into();
    share.remove_ours("unit/d/own.txt", sha256);
    assert_eq!(share.find(&"unit/d".into(), "own.txt", sha256), None);
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    assert_eq!(fs::read(root.path().join("unit/a.txt")).unwrap(), b"a");
}

#[test]
fn nothing_is_overwritten() {
    let root = present();
    let share = Share::new(root.path());
    fs::create_dir(root.path().join("d")).unwrap();
    fs::write(root.path().join("a.txt"), "mine").unwrap();
    fs::write(root.path().join("d/a.txt"), "theirs").unwrap();
    let stat = share.stat("a.txt").unwrap();
    let left = share
        .move_into("a.txt", stat, [0; 32].into(), &"d".into(), "a.txt")
        .unwrap()
        .unwrap();
    assert_eq!(left.path, "d/a (2).txt");
    assert_eq!(fs::read(root.path().join("d/a.txt")).unwrap(), b"theirs");
    assert_eq!(
        share
            .move_into("a.txt", stat, [0; 32].into(), &"d".into(), "a.txt")
            .unwrap(),
        None
    );
}

#[test]
fn only_our_own_files_are_replaced() {
    let root = present();
    let share = Share::new(root.path());
    let publish = |bytes: &[u8], ours: &[Sha256]| {
        let fresh = share.write("d", bytes, None).unwrap();
        share.publish(&"d".into(), "n.txt", fresh, ours).unwrap()
    };
    let first = publish(b"one", &[]);
    let second = publish(b"two", &[first.sha256]);
    assert_eq!(second.path, "d/n.txt");
    fs::write(root.path().join("d/n.txt"), "edited").unwrap();
    let third = publish(b"three", &[second.sha256]);
    assert_eq!(third.path, "d/n (2).txt");
    assert_eq!(fs::read(root.path().join("d/n.txt")).unwrap(), b"edited");
    assert_eq!(publish(b"three", &[]).path, "d/n (2).txt");
    assert_eq!(fs::read_dir(root.path().join("d")).unwrap().count(), 2);
}

#[test]
fn what_is_never_published_leaves_nothing() {
    let root = present();
    let share = Share::new(root.path());
    let fresh = share.write("d", b"one", None).unwrap();
    assert_eq!(fs::read(fresh.path()).unwrap(), b"one");
    drop(fresh);
    assert_eq!(fs::read_dir(root.path().join("d")).unwrap().count(), 0);
}
