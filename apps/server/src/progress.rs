//! Progress of long commands: a bar on a terminal, a plain line now and then elsewhere.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Between two plain lines.
const PLAIN_EVERY: u64 = 5_000;

pub(crate) struct Progress {
    bar: ProgressBar,
    plain: bool,
    what: &'static str,
    said: u64,
}

impl Progress {
    /// `total` of 0 means that it is not known.
    pub(crate) fn new(what: &'static str, total: u64) -> Self {
        let plain = !std::io::stderr().is_terminal();
        let bar = if total == 0 {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::new(total)
        };
        if plain {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        } else {
            bar.enable_steady_tick(Duration::from_millis(120));
            let template = "{msg} [{bar:30}] {human_pos}/{human_len} {per_sec}, {eta} left";
            let style = ProgressStyle::with_template(template)
                .unwrap_or_else(|_bad| ProgressStyle::default_bar());
            bar.set_style(style.progress_chars("=> "));
            bar.set_message(what);
        }
        Self {
            bar,
            plain,
            what,
            said: 0,
        }
    }

    pub(crate) fn at(&mut self, done: u64) {
        self.bar.set_position(done);
        if self.plain && done >= self.said + PLAIN_EVERY {
            self.said = done;
            crate::say(format_args!("{}: {done}", self.what));
        }
    }

    pub(crate) fn done(self, words: &str) {
        self.bar.finish_and_clear();
        crate::say(format_args!("{}: {words}", self.what));
    }
}
