//! The words of a document.

use yiwang_vital_rules::{Grade, Lamp};

use super::Language;
use crate::notice::Follow;

const WORDS: [(&str, &str, &str); 43] = [
    ("daily", "体征日报", "daily report"),
    ("weekly", "体征周报", "weekly report"),
    ("so_far", "截至", "until"),
    ("index", "城市健康指数", "City health index"),
    ("change", "较上期", "change"),
    ("range", "期间", "range"),
    ("domains", "各领域得分", "Domains"),
    ("areas", "镇街指数", "Towns"),
    ("reasons", "主要失分指标", "What took most away"),
    ("breaches", "越限情况", "Breaches"),
    ("work", "事件与告警", "Cases and alarms"),
    ("changes", "变化最大的指标", "Largest changes"),
    ("stale", "数据中断", "Interrupted sources"),
    ("notices", "提醒与处置", "Notices and what followed"),
    ("none", "无。", "None."),
    ("code", "编号", "Code"),
    ("name", "名称", "Name"),
    ("score", "得分", "Score"),
    ("lamp", "灯色", "Lamp"),
    ("area", "区域", "Area"),
    ("value", "数值", "Value"),
    ("loss", "失分", "Loss"),
    ("grade", "等级", "Grade"),
    ("from", "开始", "From"),
    ("until", "结束", "Until"),
    ("lasts", "持续中", "lasts"),
    ("length", "时长（时:分）", "Length (h:min)"),
    ("number", "数量", "Number"),
    ("opened", "新受理事件", "Cases opened"),
    ("closed", "办结事件", "Cases closed"),
    ("open", "期末在办事件", "Cases open at the end"),
    ("overdue", "期末超期在办事件", "Cases overdue at the end"),
    ("raised", "新发生告警", "Alarms raised"),
    (
        "severity",
        "告警按级别（一至四级）",
        "Alarms by severity, 1 to 4",
    ),
    ("before", "上期", "Before"),
    ("points", "得分变化", "Points"),
    ("owner", "责任单位", "Owner"),
    ("last", "最近数据", "Last value"),
    ("never", "从未报送", "never"),
    ("at", "时间", "Time"),
    ("action", "方式", "Action"),
    ("followed", "结果", "What followed"),
    ("noted", "已知悉", "noted"),
];

/// Words of one language.
pub(super) struct Words(pub(super) Language);

impl Words {
    pub(super) fn of(&self, key: &str) -> &'static str {
        let found = WORDS.iter().find(|(own, ..)| *own == key);
        let (_, zh, en) = found.unwrap_or(&("", "", ""));
        self.pick(zh, en)
    }

    pub(super) fn lamp(&self, lamp: Lamp) -> &'static str {
        match lamp {
            Lamp::Green => self.pick("绿", "green"),
            Lamp::Yellow => self.pick("黄", "yellow"),
            Lamp::Orange => self.pick("橙", "orange"),
            Lamp::Red => self.pick("红", "red"),
        }
    }

    pub(super) fn grade(&self, grade: Grade) -> &'static str {
        match grade {
            Grade::Normal => self.pick("正常", "normal"),
            Grade::Attention => self.pick("关注", "attention"),
            Grade::Warning => self.pick("预警", "warning"),
            Grade::Alarm => self.pick("告警", "alarm"),
        }
    }

    pub(super) fn action(&self, action: Follow) -> &'static str {
        match action {
            Follow::Notify => self.pick("提醒", "told"),
            Follow::Order => self.pick("派单", "order"),
            Follow::Proposal => self.pick("建议", "proposal"),
        }
    }

    const fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.0 {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}
