//! `[mail]`: what a server needs, and what is wrong.

use super::*;

#[test]
fn a_mail_server_is_understood() {
    let config = site(
        "[mail]\ntransport = \"smtp\"\nhost = \"smtp.qq.com\"\nsecurity = \"tls\"\nuser = \"a\"\n\
         password_file = \"secret\"\nca_file = \"/etc/ca.pem\"\nfrom_address = \"a@qq.com\"\n",
    )
    .unwrap();
    assert_eq!(config.mail.transport, MailTransport::Smtp);
    assert_eq!(config.mail.security, MailSecurity::Tls);
    assert_eq!(
        config.mail.password,
        MailPassword::File("/srv/site/secret".into())
    );
    assert_eq!(config.mail.ca_file.as_deref(), Some(Path::new("/etc/ca.pem")));
    assert_eq!((config.mail.rate_per_minute, config.mail.rate_per_day), (12, 90));
}

#[test]
fn every_fault_of_mail_is_named() {
    for (text, line, message, remedy) in [
        (
            "[mail]\ntransport = \"smtp\"\nfrom_address = \"a@x.cn\"\n",
            1,
            "要写邮件服务器",
            "smtp.qq.com",
        ),
        (
            "[mail]\ntransport = \"smtp\"\nhost = \"x.cn\"\n",
            1,
            "要写发件邮箱",
            "from_address =",
        ),
        (
            "[mail]\ntransport = \"smtp\"\nhost = \"smtp://x.cn\"\nfrom_address = \"a@x.cn\"\n",
            3,
            "“smtp://x.cn”不是服务器名称",
            "端口写在 port",
        ),
        (
            "[mail]\ntransport = \"smtp\"\nhost = \"x.cn\"\nfrom_address = \"a@x.example\"\n",
            4,
            "是占位地址",
            "真实的邮箱",
        ),
        (
            "[mail]\ntransport = \"smtp\"\nhost = \"x.cn\"\nfrom_address = \"a@x.cn\"\nuser = \"a\"\n",
            5,
            "没有写密码放在哪里",
            "password_file",
        ),
        (
            "[mail]\ntransport = \"smtp\"\nhost = \"x.cn\"\nfrom_address = \"a@x.cn\"\npassword_env = \"P\"\n",
            1,
            "没有写登录账号",
            "user =",
        ),
        (
            "[mail]\nfrom_address = \"张@x.cn\"\n",
            2,
            "有中文",
            "wutang.gov.cn",
        ),
        (
            "[mail]\npassword_file = \"p\"\npassword_env = \"P\"\n",
            3,
            "不止一个",
            "只放一处",
        ),
        (
            "[mail]\ncredential = \"/run/p\"\n",
            2,
            "像是路径",
            "password_file",
        ),
        (
            "[mail]\nallow_domains = [\"a@x.cn\"]\n",
            2,
            "“a@x.cn”不是域名",
            "@后面",
        ),
        ("[mail]\nport = 70000\n", 2, "“mail.port”写的是70000", "65535"),
        (
            "[mail]\ntransport = \"smpt\"\n",
            2,
            "“mail.transport”不能写“smpt”",
            "file、smtp",
        ),
    ] {
        expect_fault(text, line, message, remedy);
    }
}
