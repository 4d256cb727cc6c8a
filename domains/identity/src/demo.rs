//! The demo city's people: the accounts on the sign-in page, and some hundred invented officers.
//!
//! Everything here is invented and the same for the same seed. Demo accounts exist only in demo mode; all of
//! them have one password, hashed once.

mod names;
mod people;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use yiwang_kernel::Text;

use crate::org::OrgTree;

/// The password of every demo account; the sign-in page says so.
pub const DEMO_PASSWORD: &str = "yiwang-demo";

/// What to seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoCity {
    pub seed: u64,
    /// Invented people beside the named accounts.
    pub people: usize,
}

impl Default for DemoCity {
    fn default() -> Self {
        Self {
            seed: 1,
            people: 400,
        }
    }
}

/// A demo account on the sign-in page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DemoAccount {
    pub username: String,
    pub name: String,
    /// Code of its role.
    pub role: String,
    pub description: Text,
}

/// Where a named account stands and what it covers.
pub(crate) struct Named {
    pub(crate) username: &'static str,
    pub(crate) name: &'static str,
    pub(crate) role: &'static str,
    title: &'static str,
    reach: Reach,
    secrecy_max: u8,
    zh: &'static str,
    en: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The whole city, at the operations centre.
    City,
    /// The city management bureau and what is under it.
    Bureau,
    /// The first village: all units, one area.
    Village,
}

const fn named(
    username: &'static str,
    name: &'static str,
    role: &'static str,
    title: &'static str,
    secrecy_max: u8,
    words: (&'static str, &'static str),
) -> Named {
    let (zh, en) = words;
    Named {
        username,
        name,
        role,
        title,
        reach: Reach::City,
        secrecy_max,
        zh,
        en,
    }
}

#[rustfmt::skip]
const NAMED: [Named; 13] = [
    named("intake", "受理员甲", "intake", "受理席", 3, ("接报受理: 登记、归类、查重", "takes reports: records, classes, finds duplicates")),
    named("dispatcher", "派单员乙", "dispatcher", "派单席", 3, ("立案派遣: 选定牵头与协办单位, 盯时限", "registers and dispatches to the lead and assisting units, watches the clocks")),
    Named { reach: Reach::Bureau, ..named("handler", "处置员丙", "handler", "处置岗", 2, ("城管局处置: 签收、办理、反馈", "handles at the city management bureau: signs, works, reports")) },
    named("verifier", "核查员丁", "verifier", "核查席", 2, ("核查结案: 看前后对比, 不合格退回返工", "verifies what was done, sends back what was not")),
    named("duty", "值班长戊", "duty", "值班长", 4, ("值班指挥: 审批、会商、督办、升级", "duty officer: decides requests, consults, escalates")),
    named("analyst", "分析员己", "analyst", "分析研判岗", 2, ("分析研判: 事项、权责清单与数字", "analyses: items, responsibility list, figures")),
    named("supervisor", "督查员庚", "supervisor", "督查考核岗", 3, ("督查考核: 发督办单, 看申诉与剔除", "supervises: issues cards, looks at exclusions")),
    named("leader", "市领导辛", "leader", "分管领导", 4, ("领导驾驶: 总览与批示", "leader: the whole at one glance")),
    Named { reach: Reach::Village, ..named("grid", "网格员壬", "grid_worker", "网格员", 1, ("网格巡查: 一个社区内上报与自行处置", "grid worker of one village: reports and fixes")) },
    named("integrator", "接入系统", "integrator", "系统接入", 2, ("系统接入: 以接口推送与读取", "an integrator's system: pushes and reads by API")),
    named("admin.system", "系统管理员", "system_admin", "系统管理员", 1, ("系统管理: 人员与机构", "system administrator: people and units")),
    named("admin.security", "安全管理员", "security_admin", "安全管理员", 4, ("安全管理: 授权、解锁、令牌", "security administrator: grants, unlocking, tokens")),
    named("admin.audit", "审计管理员", "audit_admin", "审计管理员", 1, ("审计: 查看与校验审计日志", "audit administrator: reads and verifies the audit log")),
];

/// Who works for every unit in the simulated city; not on the sign-in page.
#[rustfmt::skip]
const SIMULATOR: Named =
    named("simulator", "模拟处置岗", "handler", "各单位处置岗（模拟）", 4, ("模拟处置: 代各单位签收、办理、反馈", "works for every unit in the simulated city"));

/// The accounts that the sign-in page lists.
pub(crate) fn accounts() -> Vec<DemoAccount> {
    let account = |named: &Named| DemoAccount {
        username: named.username.to_owned(),
        name: named.name.to_owned(),
        role: named.role.to_owned(),
        description: Text::new(named.zh, named.en),
    };
    NAMED.iter().map(account).collect()
}

pub(crate) use people::seed;

/// What `seed` needs to know.
pub(crate) struct Ground {
    pub(crate) tree: Arc<OrgTree>,
    pub(crate) city: DemoCity,
    pub(crate) password: crate::password::PasswordHashed,
    pub(crate) now: yiwang_kernel::Timestamp,
}
