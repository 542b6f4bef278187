//! The password, read where it is kept each time it is needed.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::mail::Password;

/// Where systemd puts a unit's credentials.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

impl Password {
    /// Reads it. A line break at the end isn't part of it.
    ///
    /// # Errors
    /// It isn't where it should be, in words for the office; never the password.
    pub fn read(&self) -> Result<String, String> {
        let text = match self {
            Self::None => {
                return Err("没有写密码放在哪里（password_file、password_env 或 credential）".into());
            }
            Self::File(path) => from_file("密码文件", path)?,
            Self::Environment(name) => {
                env::var(name).map_err(|_| format!("环境变量 {name} 没有设，或不是文字；它应放邮箱密码"))?
            }
            Self::Credential(name) => from_file("密码凭据", &credential(name)?)?,
        };
        let password = text.trim_end_matches(['\r', '\n']);
        if password.is_empty() {
            return Err("密码是空的".into());
        }
        Ok(password.to_owned())
    }
}

fn credential(name: &str) -> Result<PathBuf, String> {
    env::var_os(CREDENTIALS)
        .map(|folder| Path::new(&folder).join(name))
        .ok_or_else(|| format!("没有 {CREDENTIALS}：credential 只在 systemd 服务里有，请在服务文件里写 LoadCredential={name}:…"))
}

fn from_file(what: &str, path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{what} {} 读不了（{error}）", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_holds_it_without_its_line_break() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        for (content, password) in [("秘密 \n", "秘密 "), ("a\r\n", "a"), ("b", "b")] {
            fs::write(&path, content).unwrap();
            assert_eq!(Password::File(path.clone()).read().as_deref(), Ok(password));
        }
        fs::write(&path, "\n").unwrap();
        assert_eq!(Password::File(path).read(), Err("密码是空的".into()));
    }

    #[test]
    fn what_is_missing_is_named() {
        for (password, named) in [
            (Password::None, "password_file"),
            (Password::File("/nowhere/p".into()), "/nowhere/p"),
            (
                Password::Environment("TAIZHANG_TEST_UNSET".into()),
                "TAIZHANG_TEST_UNSET",
            ),
            (Password::Credential("smtp".into()), "LoadCredential=smtp"),
        ] {
            let told = password.read().unwrap_err();
            assert!(told.contains(named), "{told}");
        }
    }
}
