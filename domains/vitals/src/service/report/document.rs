//! A report as a Word file, in one language.

mod words;

use std::io::Cursor;

use docx_rs::{
    AlignmentType, Docx, Paragraph, Run, RunFonts, Style, StyleType, Table, TableCell, TableRow,
    WidthType,
};
use serde::{Deserialize, Serialize};
use yiwang_kernel::{Text, Timestamp};

use super::{Period, ReportView};
use crate::policy::ZONE;
use words::Words;

/// Twentieths of a point: the width of a page between its margins.
const WIDTH: usize = 9_000;

/// The language of a document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Language {
    #[default]
    Zh,
    En,
}

impl Language {
    /// The better liked one of an `Accept-Language` header; Chinese where it names neither.
    pub(crate) fn accepted(header: &str) -> Self {
        let liked = |part: &str| {
            let mut pieces = part.split(';');
            let tag = pieces.next()?.trim().to_ascii_lowercase();
            let language = match tag.split('-').next()? {
                "zh" => Self::Zh,
                "en" => Self::En,
                _ => return None,
            };
            let quality = pieces.find_map(|piece| piece.trim().strip_prefix("q="));
            Some((
                language,
                quality.and_then(|q| q.parse().ok()).unwrap_or(1.0),
            ))
        };
        let mut best: Option<(Self, f64)> = None;
        for (language, quality) in header.split(',').filter_map(liked) {
            if best.is_none_or(|(_, known)| quality > known) {
                best = Some((language, quality));
            }
        }
        best.map(|(language, _)| language).unwrap_or_default()
    }
}

/// A sheet that grows.
struct Sheet {
    docx: Docx,
    words: Words,
}

/// The bytes of the file; why not is told in words.
pub(super) fn write(report: &ReportView, language: Language) -> Result<Vec<u8>, String> {
    let fonts = RunFonts::new()
        .ascii("Arial")
        .hi_ansi("Arial")
        .east_asia("SimSun");
    let style = |id: &str, name: &str, size: usize| {
        Style::new(id, StyleType::Paragraph)
            .name(name)
            .size(size)
            .bold()
    };
    let docx = Docx::new()
        .default_fonts(fonts)
        .default_size(21)
        .add_style(style("Title", "Title", 36).align(AlignmentType::Center))
        .add_style(style("Heading1", "heading 1", 26).outline_lvl(0));
    let mut sheet = Sheet {
        docx,
        words: Words(language),
    };
    sheet.head(report);
    sheet.scores(report);
    sheet.reasons(report);
    sheet.breaches(report);
    sheet.work(report);
    sheet.changes(report);
    sheet.stale(report);
    sheet.notices(report);
    let mut bytes = Cursor::new(Vec::new());
    let packed = sheet.docx.build().pack(&mut bytes);
    packed.map_err(|error| format!("the document cannot be written: {error}"))?;
    Ok(bytes.into_inner())
}

impl Sheet {
    fn line(&mut self, text: impl Into<String>) {
        let paragraph = Paragraph::new()
            .style("Normal")
            .add_run(Run::new().add_text(text));
        self.docx = std::mem::take(&mut self.docx).add_paragraph(paragraph);
    }

    fn styled(&mut self, style: &str, text: impl Into<String>) {
        let paragraph = Paragraph::new()
            .style(style)
            .add_run(Run::new().add_text(text));
        self.docx = std::mem::take(&mut self.docx).add_paragraph(paragraph);
    }

    fn heading(&mut self, key: &str) {
        let text = self.words.of(key);
        self.styled("Heading1", text);
    }

    /// A table under its heading; a sentence where there is nothing to show.
    fn table(&mut self, heading: &str, columns: &[&str], rows: Vec<Vec<String>>) {
        self.heading(heading);
        if rows.is_empty() {
            let none = self.words.of("none");
            self.line(none);
            return;
        }
        let width = WIDTH / columns.len().max(1);
        let cell = |text: String, is_head: bool| {
            let run = Run::new().add_text(text).size(18);
            let run = if is_head { run.bold() } else { run };
            let paragraph = Paragraph::new().style("Normal").add_run(run);
            TableCell::new()
                .width(width, WidthType::Dxa)
                .add_paragraph(paragraph)
        };
        let head = columns
            .iter()
            .map(|key| cell(self.words.of(key).to_owned(), true));
        let mut lines = vec![TableRow::new(head.collect())];
        for row in rows {
            let cells = row.into_iter().map(|text| cell(text, false));
            lines.push(TableRow::new(cells.collect()));
        }
        let table = Table::new(lines)
            .set_grid(vec![width; columns.len()])
            .width(WIDTH, WidthType::Dxa);
        self.docx = std::mem::take(&mut self.docx).add_table(table);
    }

    fn head(&mut self, report: &ReportView) {
        let title = match report.period {
            Period::Daily => self.words.of("daily"),
            Period::Weekly => self.words.of("weekly"),
        };
        self.styled("Title", format!("{} {title}", report.name));
        let days = if report.first_day == report.last_day {
            report.first_day.to_string()
        } else {
            format!("{} – {}", report.first_day, report.last_day)
        };
        let state = if report.is_complete {
            String::new()
        } else {
            format!("  {} {}", self.words.of("so_far"), at(report.until))
        };
        self.line(format!("{days}{state}"));
        let index = &report.index;
        let lamp = index.lamp.map_or("–", |lamp| self.words.lamp(lamp));
        self.line(format!(
            "{}: {} ({lamp})  {}: {}  {}: {} – {}  [{}]",
            self.words.of("index"),
            number(index.score, 1),
            self.words.of("change"),
            signed(index.change, 1),
            self.words.of("range"),
            number(index.lowest, 1),
            number(index.highest, 1),
            index.code,
        ));
    }

    fn scores(&mut self, report: &ReportView) {
        let lamp = |lamp: Option<_>| lamp.map_or("–", |lamp| self.words.lamp(lamp)).to_owned();
        let domains = report.domains.iter().map(|part| {
            let name = self.words.text(&part.name);
            vec![
                part.code.clone(),
                name,
                number(part.score, 1),
                lamp(part.lamp),
                signed(part.change, 1),
            ]
        });
        let domains = domains.collect();
        let areas: Vec<Vec<String>> = report
            .areas
            .iter()
            .map(|part| {
                let score = number(part.score, 1);
                vec![
                    part.name.clone(),
                    score,
                    lamp(part.lamp),
                    signed(part.change, 1),
                ]
            })
            .collect();
        self.table(
            "domains",
            &["code", "name", "score", "lamp", "change"],
            domains,
        );
        if !areas.is_empty() {
            self.table("areas", &["area", "score", "lamp", "change"], areas);
        }
    }

    fn reasons(&mut self, report: &ReportView) {
        let rows = report.reasons.iter().map(|part| {
            let value = format!("{} {}", number(Some(part.value), 2), part.unit);
            let name = self.words.text(&part.name);
            vec![
                part.code.clone(),
                name,
                value,
                number(Some(part.score), 1),
                number(Some(part.loss), 2),
            ]
        });
        let rows = rows.collect();
        self.table("reasons", &["code", "name", "value", "score", "loss"], rows);
    }

    fn breaches(&mut self, report: &ReportView) {
        let rows = report.breaches.iter().map(|part| {
            let until = part
                .until
                .map_or_else(|| self.words.of("lasts").to_owned(), at);
            let grade = self.words.grade(part.grade).to_owned();
            let length = format!("{}:{:02}", part.minutes / 60, part.minutes % 60);
            vec![
                part.code.clone(),
                self.words.text(&part.name),
                grade,
                at(part.from),
                until,
                length,
            ]
        });
        let rows = rows.collect();
        let columns = ["code", "name", "grade", "from", "until", "length"];
        self.table("breaches", &columns, rows);
    }

    fn work(&mut self, report: &ReportView) {
        let (cases, alarms) = (&report.cases, &report.alarms);
        let counts = [
            ("opened", &cases.opened),
            ("closed", &cases.closed),
            ("open", &cases.open),
            ("overdue", &cases.overdue),
            ("raised", &alarms.raised),
        ];
        let rows = counts.map(|(key, count)| {
            let code = count.code.clone().unwrap_or_else(|| "–".to_owned());
            vec![code, self.words.of(key).to_owned(), count.value.to_string()]
        });
        self.table("work", &["code", "name", "number"], rows.to_vec());
        let [one, two, three, four] = alarms.by_severity;
        let severity = self.words.of("severity");
        self.line(format!("{severity}: {one} / {two} / {three} / {four}"));
        for rule in &alarms.rules {
            self.line(format!("{}: {}", rule.rule, rule.count));
        }
    }

    fn changes(&mut self, report: &ReportView) {
        let rows = report.changes.iter().map(|part| {
            let decimals = usize::from(part.precision);
            let name = format!("{} ({})", self.words.text(&part.name), part.unit);
            let value = number(Some(part.value), decimals);
            let before = number(Some(part.before), decimals);
            vec![
                part.code.clone(),
                name,
                before,
                value,
                signed(part.score_change, 1),
            ]
        });
        let rows = rows.collect();
        let columns = ["code", "name", "before", "value", "points"];
        self.table("changes", &columns, rows);
    }

    fn stale(&mut self, report: &ReportView) {
        let rows = report.stale.iter().map(|part| {
            let last = part
                .last_at
                .map_or_else(|| self.words.of("never").to_owned(), at);
            let name = self.words.text(&part.name);
            vec![part.codes.join(", "), name, part.owner.clone(), last]
        });
        let rows = rows.collect();
        self.table("stale", &["code", "name", "owner", "last"], rows);
    }

    fn notices(&mut self, report: &ReportView) {
        let rows = report.notices.iter().map(|part| {
            let case = part.case.as_ref().map(|case| case.number.clone());
            let noted = part
                .is_acknowledged
                .then(|| self.words.of("noted").to_owned());
            let followed = case.or(noted).unwrap_or_else(|| "–".to_owned());
            let grade = self.words.grade(part.grade).to_owned();
            let action = self.words.action(part.action).to_owned();
            let name = format!("{} {}", part.area_name, self.words.text(&part.name));
            vec![
                part.code.clone(),
                name,
                grade,
                at(part.at),
                action,
                followed,
            ]
        });
        let rows = rows.collect();
        let columns = ["code", "name", "grade", "at", "action", "followed"];
        self.table("notices", &columns, rows);
    }
}

impl Words {
    fn text(&self, text: &Text) -> String {
        match (self.0, &text.en) {
            (Language::En, Some(en)) => en.clone(),
            _ => text.zh.clone(),
        }
    }
}

fn at(time: Timestamp) -> String {
    ZONE.to_datetime(time).strftime("%m-%d %H:%M").to_string()
}

fn number(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.decimals$}"))
}

fn signed(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:+.decimals$}"))
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_better_liked_language_is_taken() {
        for (header, language) in [
            ("", Language::Zh),
            ("fr", Language::Zh),
            ("en-GB,en;q=0.9,zh;q=0.8", Language::En),
            ("en;q=0.3, zh-CN;q=0.7", Language::Zh),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }
}
