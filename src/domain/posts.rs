//! Posts and forms of address, as they stand beside names.

/// Words that end a name when it is called with its post; what ends in another
/// of them stands first.
pub const POSTS: [&str; 46] = [
    "同志",
    "副书记",
    "书记",
    "副镇长",
    "镇长",
    "副乡长",
    "乡长",
    "副县长",
    "县长",
    "副区长",
    "区长",
    "副主任",
    "主任",
    "副主席",
    "主席",
    "副部长",
    "部长",
    "副局长",
    "局长",
    "副站长",
    "站长",
    "副所长",
    "所长",
    "副科长",
    "科长",
    "副股长",
    "股长",
    "副队长",
    "队长",
    "副组长",
    "组长",
    "副院长",
    "院长",
    "副校长",
    "校长",
    "村长",
    "会长",
    "委员",
    "常委",
    "干事",
    "经理",
    "主管",
    "老师",
    "先生",
    "女士",
    "总",
];

/// Whether a name ends with a post or a form of address.
#[must_use]
pub fn ends_with_post(name: &str) -> bool {
    let name = name.trim();
    POSTS
        .iter()
        .any(|post| name.len() > post.len() && name.ends_with(post))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_are_told_from_names() {
        for name in ["王建国主任", "李晓同志", "陈副镇长"] {
            assert!(ends_with_post(name), "{name}");
        }
        for name in ["王建国", "主任", "同志", ""] {
            assert!(!ends_with_post(name), "{name}");
        }
    }
}
