//! Why a site stays away from a share, in words that say what to do.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{EVERYDAY, Own, Sentinel};

/// Why the site may not work on the share that `other` owns at `now`.
#[must_use]
pub fn refusal(other: &Sentinel, own: &Own, now: DateTime<Utc>, zone: Tz) -> String {
    let at = other.heartbeat.with_timezone(&zone).format("%Y-%m-%d %H:%M");
    let who = if other.site == own.site {
        "本站点的另一份副本"
    } else {
        "另一套 taizhang "
    };
    let clock = if other.heartbeat > now + EVERYDAY {
        "它的心跳比本机时间还晚，请核对两台机器的时间。"
    } else {
        ""
    };
    format!(
        "共享文件夹 {} 正由{who}使用（主机 {}，数据目录 {}，最近心跳 {at}）。两套同时处理会重复收文，本套不动共享文件夹。{clock}\
         请停用其中一套；那一套正常停止后，或者心跳停满一小时后，本套可以接管。\
         它确已停用、不想再等的，把共享文件夹里 .taizhang 的内容全部清空即可",
        own.watch, other.host, other.data,
    )
}
