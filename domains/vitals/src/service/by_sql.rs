//! Indicators by SQL: their questions are put to the lake by the clock, beside the passes, and a pass takes the last
//! answer.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use serde::Serialize;
use yiwang_contracts::{SqlAnswer, SqlFault, SqlFaultKind, SqlFigure, SqlQuestion};
use yiwang_kernel::{Text, Timestamp, from_micros, micros};
use yiwang_vital_rules::{Formula, IndicatorEntry, Rollup};

use super::VitalsService;
use crate::error::VitalsError;
use crate::facts::{self, FigureFault, Shape};
use crate::policy::Policy;

/// Questions of one batch, and batches of one run: what is late waits for the next run.
const BATCH: usize = 4;
const BATCHES_MAX: usize = 8;
/// Counts what became of questions, by result.
pub(super) const COUNTED: &str = "vitals_questions_total";

/// What is known of one indicator's question.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answered {
    /// The text that was asked; another one is another question.
    pub sql: String,
    pub asked_at: i64,
    /// The newest answer that gave numbers, and the instant that it is of.
    pub figures: Option<(i64, Vec<SqlFigure>)>,
    /// Why the newest asking gave none.
    pub fault: Option<QuestionFault>,
    pub asked: u64,
    pub failed: u64,
}

pub(crate) type Answers = HashMap<String, Answered>;

/// Why a question gave no numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct QuestionFault {
    /// Stable: `text columns value too_many_rows out_of_time out_of_memory busy failed unknown_area area_level
    /// area_twice`.
    pub code: &'static str,
    pub message: Text,
}

/// How the question of an indicator by SQL stands.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct QuestionView {
    /// When it was asked last.
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Timestamp,
    /// When it was asked last and gave numbers.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answered_at: Option<Timestamp>,
    /// How often it was asked, and how often in vain, since the program started.
    pub asked: u64,
    pub failed: u64,
    /// Why the newest asking gave no numbers.
    pub fault: Option<QuestionFault>,
}

impl From<&Answered> for QuestionView {
    fn from(own: &Answered) -> Self {
        Self {
            asked_at: from_micros(own.asked_at),
            answered_at: own.figures.as_ref().map(|(at, _)| from_micros(*at)),
            asked: own.asked,
            failed: own.failed,
            fault: own.fault.clone(),
        }
    }
}

impl From<SqlFault> for QuestionFault {
    fn from(fault: SqlFault) -> Self {
        let zh = match fault.kind {
            SqlFaultKind::Text => "查询语句有误",
            SqlFaultKind::Columns => "查询答复的列不符合要求",
            SqlFaultKind::Value => "查询答复的数值无法使用",
            SqlFaultKind::Rows => "查询答复的行数过多",
            SqlFaultKind::Time => "查询超时",
            SqlFaultKind::Memory => "查询所需内存超过上限",
            SqlFaultKind::Busy => "数据湖繁忙，查询未能执行",
            SqlFaultKind::Failed => "数据湖未能答复查询",
        };
        Self {
            code: fault.kind.code(),
            message: Text::new(format!("{zh}：{}", fault.message), fault.message),
        }
    }
}

impl From<FigureFault> for QuestionFault {
    fn from(fault: FigureFault) -> Self {
        let (code, zh, en) = match fault {
            FigureFault::UnknownArea(area) => (
                "unknown_area",
                format!("查询答复了不存在的区域 {area}"),
                format!("the question answers an area that is not there, {area}"),
            ),
            FigureFault::Level(area) => (
                "area_level",
                format!("查询答复了区域 {area}，指标没有这一层级的数值"),
                format!(
                    "the question answers the area {area}, and the indicator has no numbers of its level"
                ),
            ),
            FigureFault::Twice(area) => (
                "area_twice",
                format!("查询对区域“{area}”答复了两行"),
                format!("the question answers the area '{area}' twice; group by area"),
            ),
        };
        Self {
            code,
            message: Text::new(zh, en),
        }
    }
}

/// What an indicator by SQL asks.
pub(crate) fn question(entry: &IndicatorEntry) -> Option<&str> {
    match &entry.formula {
        Some(Formula::Sql(sql)) => Some(&sql.sql),
        _ => None,
    }
}

/// The shape of what an entry by SQL is answered with, and how it rolls up.
pub(super) fn shape(entry: &IndicatorEntry) -> (Shape, Option<Rollup>) {
    let shape = Shape {
        space: entry.grain.space,
        rolls: entry.rollup.is_some(),
    };
    (shape, entry.rollup)
}

impl VitalsService {
    /// Puts the questions that are due, the longest due first; answers how many.
    pub(crate) async fn ask_lake(&self, now: Timestamp) -> Result<usize, VitalsError> {
        let mut asked = 0;
        // Of all devices: made once in a run, and in none that asks nothing.
        let mut places = None;
        for _ in 0..BATCHES_MAX {
            let policy = Arc::clone(&self.live.read().await.policy);
            let due = self.due_questions(&policy, micros(now));
            if due.is_empty() {
                break;
            }
            let questions: Vec<SqlQuestion> = due.iter().map(|(_, one)| one.clone()).collect();
            let places = places.get_or_insert_with(|| self.asks.devices.places());
            let answers = self.asks.figures.answer(&questions, places).await;
            asked += questions.len();
            for ((place, question), answer) in due.into_iter().zip(answers) {
                if let Some(entry) = policy.entry(place) {
                    self.take_answer(entry, &policy, question, answer);
                }
            }
        }
        Ok(asked)
    }

    /// Indicators whose questions are due, at most a batch of them.
    fn due_questions(&self, policy: &Policy, now: i64) -> Vec<(usize, SqlQuestion)> {
        let sources = self.sources();
        let mut due = Vec::new();
        for (place, versioned) in policy.indicators.iter().enumerate() {
            let entry = &versioned.entry;
            let Some(sql) = question(entry) else { continue };
            let known = sources.answers.get(&entry.code);
            let next = match known.filter(|known| known.sql == sql) {
                Some(known) => known.asked_at.saturating_add(entry.refresh.as_micros()),
                None => i64::MIN,
            };
            if next <= now {
                due.push((next, place, sql));
            }
        }
        due.sort_unstable_by_key(|(next, place, _)| (*next, *place));
        due.truncate(BATCH);
        let question = |(_, place, sql): (i64, usize, &str)| {
            let question = SqlQuestion {
                sql: sql.into(),
                at: now,
            };
            (place, question)
        };
        due.into_iter().map(question).collect()
    }

    fn take_answer(
        &self,
        entry: &IndicatorEntry,
        policy: &Policy,
        question: SqlQuestion,
        answer: SqlAnswer,
    ) {
        let judged = answer.map_err(QuestionFault::from).and_then(|figures| {
            let cells = facts::sql(&figures, policy, shape(entry).0, question.at);
            cells.map(|_| figures).map_err(QuestionFault::from)
        });
        let result = judged
            .as_ref()
            .map_or_else(|fault| fault.code, |_| "answered");
        self.counters
            .counter(COUNTED, &[("result", result)])
            .increment();
        let mut sources = self.sources.write().unwrap_or_else(PoisonError::into_inner);
        let own = sources.answers.entry(entry.code.clone()).or_default();
        if *own.sql != *question.sql {
            *own = Answered {
                sql: question.sql.as_ref().to_owned(),
                ..Answered::default()
            };
        }
        own.asked_at = question.at;
        own.asked += 1;
        match judged {
            Ok(figures) => {
                own.figures = Some((question.at, figures));
                own.fault = None;
            }
            Err(fault) => {
                tracing::warn!(
                    indicator = %entry.code,
                    code = fault.code,
                    "a question to the lake gave no numbers"
                );
                own.failed += 1;
                own.fault = Some(fault);
            }
        }
    }
}
