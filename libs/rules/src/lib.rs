mod diagnostic;
mod duration;
mod language;
mod operands;
mod profile;
mod program;
mod spec;
mod text_form;
