//! Whom a letter may be sent to: the last look before it leaves.

use super::{MailOptions, Mailbox, Message, TransportKind};
use crate::domain::mail_address::{domain, fault, is_reserved, is_within};

/// Looks at sender and recipients.
///
/// # Errors
/// Everything that stands in the way, in words for the office. None of it
/// mends itself: the letter is refused for good.
pub fn check(message: &Message, options: &MailOptions) -> Result<(), String> {
    let mut told = Vec::new();
    if let Some(fault) = fault(&message.from.address) {
        told.push(format!("发件邮箱“{}”{fault}", shown(&message.from)));
    }
    if message.recipients().next().is_none() {
        told.push("没有收件人".to_owned());
    }
    told.extend(
        message.recipients().filter_map(|to| {
            refusal(&to.address, options).map(|why| format!("收件邮箱“{}”{why}", shown(to)))
        }),
    );
    if told.is_empty() {
        Ok(())
    } else {
        Err(format!("{}。请更正后重发", told.join("；")))
    }
}

fn refusal(address: &str, options: &MailOptions) -> Option<&'static str> {
    if let Some(fault) = fault(address) {
        return Some(fault);
    }
    if is_reserved(address) {
        // Shipped rosters hold placeholders so that everything can be looked at at once.
        return (options.transport == TransportKind::Smtp)
            .then_some("是占位地址，不能真的发信，请在名册里换成真实邮箱");
    }
    let own = domain(address);
    let allowed =
        options.allow_domains.is_empty() || options.allow_domains.iter().any(|outer| is_within(&own, outer));
    (!allowed).then_some("不在允许的域名（allow_domains）之内")
}

/// The address, with what can't be seen left out.
fn shown(mailbox: &Mailbox) -> String {
    super::header_text::header_text(&mailbox.address, 254)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::message::tests::letter;

    fn check_to(addresses: &[&str], options: &MailOptions) -> Result<(), String> {
        let mut message = letter();
        message.to = addresses
            .iter()
            .map(|address| Mailbox {
                name: "联络员".into(),
                address: (*address).to_owned(),
            })
            .collect();
        check(&message, options)
    }

    #[test]
    fn placeholders_are_for_the_folder_only() {
        let mut options = MailOptions::to_folder("x".into());
        assert_eq!(check_to(&["a@wutang.example"], &options), Ok(()));
        options.allow_domains = vec!["wutang.gov.cn".into()];
        assert_eq!(check_to(&["a@wutang.example"], &options), Ok(()));
        options.transport = TransportKind::Smtp;
        let told = check_to(&["a@wutang.gov.cn", "a@wutang.example"], &options).unwrap_err();
        assert!(told.contains("a@wutang.example”是占位地址"), "{told}");
        assert!(!told.contains("gov.cn"), "{told}");
    }

    #[test]
    fn only_allowed_domains_are_written_to() {
        let mut options = MailOptions::to_folder("x".into());
        assert_eq!(check_to(&["a@qq.com"], &options), Ok(()));
        options.allow_domains = vec!["wutang.gov.cn".into(), "qq.com".into()];
        assert_eq!(
            check_to(&["a@QQ.com", "b@office.wutang.gov.cn"], &options),
            Ok(())
        );
        let told = check_to(&["a@qq.com", "b@163.com", "c@evilqq.com"], &options).unwrap_err();
        assert!(
            told.contains("b@163.com”不在允许") && told.contains("c@evilqq.com”"),
            "{told}"
        );
    }

    #[test]
    fn malformed_addresses_are_named_without_their_line_breaks() {
        let options = MailOptions::to_folder("x".into());
        let told = check_to(&["a@b.cn\r\nRCPT TO:<x@y.cn>"], &options).unwrap_err();
        assert!(told.contains("看不见的字符") && !told.contains('\n'), "{told}");
        assert!(check_to(&[], &options).unwrap_err().contains("没有收件人"));
    }
}
