//! Topic aliases (3.3.2.3.4): small numbers that stand for topics on one connection.

use bytestring::ByteString;

use crate::packet::{Publish, Version};
use crate::{Fault, Reason};

/// The topics that the other side has given numbers; no memory while it has given none.
#[derive(Debug, Default)]
pub(crate) struct Aliases(Option<Box<[ByteString]>>);

impl Aliases {
    /// Puts the topic in the place of its alias, or remembers it.
    pub(crate) fn resolve(
        &mut self,
        publish: &mut Publish,
        version: Version,
        max: u16,
    ) -> Result<(), Fault> {
        let Some(alias) = publish.topic_alias else {
            return if publish.topic.is_empty() && version == Version::V5 {
                Err(Fault::protocol("neither topic nor alias"))
            } else {
                Ok(())
            };
        };
        let max = usize::from(max);
        let place = usize::from(alias.get()) - 1;
        if place >= max {
            return Err(Fault::new(
                Reason::TopicAliasInvalid,
                "a topic alias above the maximum",
            ));
        }
        if publish.topic.is_empty() {
            let known = self.0.as_ref().and_then(|all| all.get(place));
            publish.topic = known
                .filter(|topic| !topic.is_empty())
                .ok_or(Fault::protocol("an unknown topic alias"))?
                .clone();
            return Ok(());
        }
        let aliases = self
            .0
            .get_or_insert_with(|| vec![ByteString::new(); max].into());
        if let Some(known) = aliases.get_mut(place) {
            *known = ByteString::from(&*publish.topic);
        }
        Ok(())
    }
}
