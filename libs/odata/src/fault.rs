//! What is wrong with a question, and where.

/// A fault in one option or in the path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{option} at {position}: {message}")]
pub struct Fault {
    /// `$filter`, `$expand`, or `path`.
    pub option: String,
    /// Bytes into its text.
    pub position: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl Fault {
    pub(crate) fn new(position: usize, message: impl Into<String>) -> Self {
        Self {
            option: String::new(),
            position,
            message: message.into(),
        }
    }

    /// The same fault, said of an option whose text begins `offset` bytes further on.
    #[must_use]
    pub(crate) fn within(mut self, option: &str, offset: usize) -> Self {
        if self.option.is_empty() || option == "$expand" {
            option.clone_into(&mut self.option);
        }
        self.position += offset;
        self
    }
}
