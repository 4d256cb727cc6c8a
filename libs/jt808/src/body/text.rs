//! Words to the driver and choices of the driver. The editions before 2019 have all of them; 2019 keeps 8300, 8400 and
//! 8401.

use crate::layout::{All, ManyIfMore, Padded, Plain, Since2019, Text, TextRest, record};

record! {
    /// 8300.
    Words {
        /// Bit 0 urgent (since 2019 bits 0 and 1: 1 service, 2 urgent, 3 notice), 2 on the display, 3 spoken, 4 on the
        /// advertising screen, 5 1 CAN fault code, 0 navigation.
        flags: u8,
        /// Since 2019: 1 notice, 2 service.
        kind: u8 as Since2019<Plain>,
        text: String as TextRest,
    }
}

record! {
    /// One thing that the driver can report.
    Event {
        id: u8,
        text: String as Text<u8>,
    }
}

record! {
    /// 8301.
    Events {
        /// 0 delete all, 1 replace, 2 add, 3 change, 4 delete some.
        action: u8,
        events: Vec<Event> as ManyIfMore<u8>,
    }
}

record! {
    /// 0301.
    EventReport {
        id: u8,
    }
}

record! {
    /// One possible answer.
    QuestionChoice {
        id: u8,
        text: String as Text<u16>,
    }
}

record! {
    /// 8302.
    Question {
        /// Bit 0 urgent, 3 spoken, 4 on the advertising screen.
        flags: u8,
        text: String as Text<u8>,
        choices: Vec<QuestionChoice> as All,
    }
}

record! {
    /// 0302.
    QuestionAnswer {
        /// The serial of the question.
        serial: u16,
        id: u8,
    }
}

record! {
    /// One kind of news.
    MenuEntry {
        kind: u8,
        text: String as Text<u16>,
    }
}

record! {
    /// 8303.
    Menu {
        /// 0 delete all, 1 replace, 2 add, 3 change.
        action: u8,
        entries: Vec<MenuEntry> as ManyIfMore<u8>,
    }
}

record! {
    /// 0303.
    InfoOrder {
        kind: u8,
        /// 0 cancel, 1 order.
        action: u8,
    }
}

record! {
    /// 8304.
    Issued {
        kind: u8,
        text: String as Text<u16>,
    }
}

record! {
    /// 8400.
    Call {
        /// 0 talk, 1 listen in.
        kind: u8,
        phone: String as Padded<20>,
    }
}

record! {
    /// One number.
    Contact {
        /// 1 may call, 2 may be called, 3 both.
        kind: u8,
        phone: String as Text<u8>,
        name: String as Text<u8>,
    }
}

record! {
    /// 8401.
    Phonebook {
        /// 0 delete all, 1 replace, 2 add, 3 change by name.
        action: u8,
        contacts: Vec<Contact> as ManyIfMore<u8>,
    }
}
