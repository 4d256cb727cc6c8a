//! Topic names and filters (4.7): what is one, and which filter matches which name.

use std::fmt;

/// How large topics and filters may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopicLimits {
    /// Bytes in all.
    pub bytes_max: usize,
    /// Levels, that is one more than slashes.
    pub levels_max: usize,
}

impl Default for TopicLimits {
    fn default() -> Self {
        Self {
            bytes_max: 512,
            levels_max: 16,
        }
    }
}

/// Why some text is no topic name or no filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TopicFault {
    /// `[MQTT-4.7.3-1]`
    #[error("it is empty")]
    Empty,
    /// A limit of this server.
    #[error("it has {length} bytes, more than {max}")]
    TooLong {
        /// Its bytes.
        length: usize,
        /// As many are allowed.
        max: usize,
    },
    /// A limit of this server.
    #[error("it has {levels} levels, more than {max}")]
    TooDeep {
        /// Its levels.
        levels: usize,
        /// As many are allowed.
        max: usize,
    },
    /// `[MQTT-4.7.3-2]`
    #[error("it contains U+0000")]
    Nul,
    /// `[MQTT-3.3.2-2]`
    #[error("it is a topic name and contains a wildcard")]
    Wildcard,
    /// `[MQTT-4.7.1-1]`, `[MQTT-4.7.1-2]`
    #[error("level {level} has a wildcard beside other characters")]
    WildcardInLevel {
        /// Counted from 1.
        level: usize,
    },
    /// `[MQTT-4.7.1-1]`
    #[error("# is not its last level")]
    HashNotLast,
    /// `[MQTT-4.8.2-1]`, `[MQTT-4.8.2-2]`
    #[error("its share name is empty, contains a wildcard or is followed by no filter")]
    ShareName,
}

pub(crate) fn check_size(text: &str, limits: &TopicLimits) -> Result<(), TopicFault> {
    if text.is_empty() {
        return Err(TopicFault::Empty);
    }
    if text.len() > limits.bytes_max {
        return Err(TopicFault::TooLong {
            length: text.len(),
            max: limits.bytes_max,
        });
    }
    let mut levels = 1;
    for byte in text.bytes() {
        match byte {
            0 => return Err(TopicFault::Nul),
            b'/' => levels += 1,
            _ => {}
        }
    }
    if levels > limits.levels_max {
        return Err(TopicFault::TooDeep {
            levels,
            max: limits.levels_max,
        });
    }
    Ok(())
}

/// Whether a text can be published to.
pub fn check_topic(text: &str, limits: &TopicLimits) -> Result<(), TopicFault> {
    check_size(text, limits)?;
    if text.bytes().any(|byte| byte == b'+' || byte == b'#') {
        return Err(TopicFault::Wildcard);
    }
    Ok(())
}

/// A filter that holds the rules, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter<'a> {
    text: &'a str,
    share: Option<&'a str>,
    pattern: &'a str,
}

impl<'a> Filter<'a> {
    /// Checks a filter, shared (`$share/name/filter`) or not.
    pub fn parse(text: &'a str, limits: &TopicLimits) -> Result<Self, TopicFault> {
        let (share, pattern) = match text.strip_prefix("$share/") {
            None => (None, text),
            Some(rest) => {
                let (share, pattern) = rest.split_once('/').ok_or(TopicFault::ShareName)?;
                if share.is_empty() || pattern.is_empty() || share.contains(['+', '#', '\0']) {
                    return Err(TopicFault::ShareName);
                }
                (Some(share), pattern)
            }
        };
        if share.is_some_and(|share| share.len() > limits.bytes_max) {
            return Err(TopicFault::ShareName);
        }
        check_size(pattern, limits)?;
        let mut ended = false;
        for (at, level) in pattern.split('/').enumerate() {
            if ended {
                return Err(TopicFault::HashNotLast);
            }
            ended = level == "#";
            if level.len() > 1 && level.contains(['+', '#']) {
                return Err(TopicFault::WildcardInLevel { level: at + 1 });
            }
        }
        Ok(Self {
            text,
            share,
            pattern,
        })
    }

    /// As it was sent.
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    /// The name of the group that shares it.
    pub fn share(&self) -> Option<&'a str> {
        self.share
    }

    /// Without the share.
    pub fn pattern(&self) -> &'a str {
        self.pattern
    }

    /// It has a wildcard.
    pub fn is_wild(&self) -> bool {
        self.pattern.contains(['+', '#'])
    }

    /// Whether messages of this topic are wanted.
    pub fn matches(&self, topic: &str) -> bool {
        matches(self.pattern, topic)
    }
}

impl fmt::Display for Filter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

/// Level by level, for one filter and one topic; many filters are kept in [`crate::Topics`].
fn matches(pattern: &str, topic: &str) -> bool {
    // [MQTT-4.7.2-1]: what the server says of itself is not for those who ask for everything.
    if topic.starts_with('$') && pattern.starts_with(['+', '#']) {
        return false;
    }
    let mut levels = topic.split('/');
    for wanted in pattern.split('/') {
        if wanted == "#" {
            return true;
        }
        match levels.next() {
            Some(level) if wanted == "+" || wanted == level => {}
            _ => return false,
        }
    }
    levels.next().is_none()
}

#[cfg(test)]
mod tests;
