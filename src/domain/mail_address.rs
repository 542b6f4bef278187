//! Mail addresses: whether one is well-formed, whether it can exist at all,
//! how it may be shown.

use super::text::is_space;

/// Top-level names under which nobody can have a mailbox (RFC 2606, RFC 6761).
const RESERVED_TOPS: [&str; 4] = ["example", "invalid", "localhost", "test"];

/// Second-level names kept for examples (RFC 2606).
const RESERVED_DOMAINS: [&str; 3] = ["example.com", "example.net", "example.org"];

/// Why a text is not a mail address that we write to, in words for the
/// office; none if it is one.
///
/// Taken is what every server takes: `name@domain` in ASCII, without quotes,
/// comments, address literals or international names.
#[must_use]
pub fn fault(address: &str) -> Option<&'static str> {
    if address.is_empty() {
        return Some("是空的");
    }
    if address.chars().any(|c| is_space(c) || c.is_control()) {
        return Some("里有空格或看不见的字符");
    }
    if !address.is_ascii() {
        return Some("里有中文或全角字符，应写半角");
    }
    if address.contains([',', ';']) {
        return Some("里有逗号或分号，一栏只写一个地址");
    }
    let Some((local, domain)) = address.split_once('@') else {
        return Some("没有@");
    };
    if local.is_empty() || domain.is_empty() {
        return Some("的@前面或后面是空的");
    }
    if domain.contains('@') {
        return Some("有两个@");
    }
    if local.len() > 64 || domain.len() > 253 {
        return Some("太长");
    }
    let dotted = |text: &str| text.split('.').all(|part| !part.is_empty());
    let plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    if !dotted(local) || !local.chars().all(plain) {
        return Some("的@前面有不能用的字符");
    }
    let label = |part: &str| {
        part.len() <= 63
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    if !dotted(domain) || !domain.split('.').all(label) || !domain.contains('.') {
        return Some("的@后面不是域名");
    }
    None
}

/// What stands behind the `@`, in lower case; empty without one.
#[must_use]
pub fn domain(address: &str) -> String {
    address
        .rsplit_once('@')
        .map_or(String::new(), |(_, domain)| domain.to_ascii_lowercase())
}

/// Whether an address is a placeholder: its domain is reserved for examples
/// and tests, so nobody can be behind it.
#[must_use]
pub fn is_reserved(address: &str) -> bool {
    let domain = domain(address);
    let top = domain.rsplit('.').next().unwrap_or_default();
    RESERVED_TOPS.contains(&top) || RESERVED_DOMAINS.iter().any(|own| is_within(&domain, own))
}

/// Whether a domain is another one, or lies below it.
#[must_use]
pub fn is_within(domain: &str, outer: &str) -> bool {
    let (domain, outer) = (domain.to_ascii_lowercase(), outer.to_ascii_lowercase());
    domain == outer
        || domain
            .strip_suffix(&outer)
            .is_some_and(|before| before.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_formed_addresses_are_taken() {
        for address in [
            "zhang@wutang.gov.cn",
            "12345678@qq.com",
            "a.b+c_d-e@mail.wutang-zhen.gov.cn",
            "hong@wutang.example",
            "o'neil@a.cn",
        ] {
            assert_eq!(fault(address), None, "{address}");
        }
    }

    #[test]
    fn every_fault_has_its_words() {
        for (address, words) in [
            ("", "空的"),
            ("zhang", "没有@"),
            ("@a.cn", "@前面"),
            ("zhang@", "@前面或后面"),
            ("zhang@a@b.cn", "两个@"),
            ("zhang @a.cn", "空格"),
            ("zhang@a.cn\r\nBcc: x@b.cn", "空格"),
            ("zhang\u{202e}@a.cn", "全角"),
            ("zhang\u{200b}@a.cn", "看不见"),
            ("张@a.cn", "中文"),
            ("zhang＠a.cn", "全角"),
            ("a@a.cn,b@a.cn", "一个地址"),
            ("<a@a.cn>", "不能用的字符"),
            ("\"a b\"@a.cn", "空格"),
            ("a..b@a.cn", "不能用的字符"),
            ("a@a..cn", "域名"),
            ("a@-a.cn", "域名"),
            ("a@a_b.cn", "域名"),
            ("a@[127.0.0.1]", "域名"),
            ("a@oa", "域名"),
        ] {
            let told = fault(address).unwrap_or_else(|| panic!("{address} was taken"));
            assert!(told.contains(words), "{address}: {told}");
        }
        assert_eq!(fault(&format!("{}@a.cn", "a".repeat(65))), Some("太长"));
    }

    #[test]
    fn placeholders_are_known() {
        for address in [
            "a@wutang.example",
            "a@X.EXAMPLE",
            "a@example.com",
            "a@mail.example.org",
            "a@b.test",
        ] {
            assert!(is_reserved(address), "{address}");
        }
        for address in ["a@example.gov.cn", "a@notexample.com", "a@qq.com", "a@example.cn"] {
            assert!(!is_reserved(address), "{address}");
        }
    }

    #[test]
    fn a_domain_lies_within_itself_and_above() {
        assert!(is_within("gov.cn", "gov.cn") && is_within("A.gov.cn", "gov.CN"));
        assert!(!is_within("xgov.cn", "gov.cn") && !is_within("gov.cn", "a.gov.cn"));
    }
}
