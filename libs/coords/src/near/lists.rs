//! Many answers in one piece of memory.

use std::ops::Range;

/// A list for each question, in the order of the questions.
#[derive(Debug, Clone, PartialEq)]
pub struct Lists<T> {
    /// Where each list ends.
    ends: Vec<usize>,
    items: Vec<T>,
}

impl<T> Lists<T> {
    /// Asks each question, and keeps what it puts on its list.
    pub(super) fn of<Q>(questions: &[Q], ask: impl Fn(&Q, &mut Vec<T>)) -> Self {
        let mut ends = Vec::with_capacity(questions.len());
        let (mut items, mut list) = (Vec::new(), Vec::new());
        for question in questions {
            ask(question, &mut list);
            items.append(&mut list);
            ends.push(items.len());
        }
        Self { ends, items }
    }

    /// The list of a question, counted from 0.
    pub fn get(&self, question: usize) -> Option<&[T]> {
        self.items.get(self.range(question)?)
    }

    /// All lists.
    pub fn iter(&self) -> impl Iterator<Item = &[T]> {
        (0..self.ends.len()).filter_map(|question| self.get(question))
    }

    /// How many questions were asked.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Was nothing asked?
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// What was found, question after question.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    fn range(&self, question: usize) -> Option<Range<usize>> {
        let end = *self.ends.get(question)?;
        let before = question.checked_sub(1);
        let begin = before.and_then(|before| self.ends.get(before));
        Some(begin.copied().unwrap_or_default()..end)
    }
}
