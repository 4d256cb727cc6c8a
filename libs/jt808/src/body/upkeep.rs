//! What the terminal is, and its software.

use crate::layout::{Digits, Padded, PaddedBy, Sized32, Text, TextRest, record};

record! {
    /// 0107.
    Attributes {
        /// Bit 0 passengers, 1 dangerous goods, 2 freight, 3 taxi, 6 disk recording, 7 one piece (0) or several (1).
        kind: u16,
        maker: String as Padded<5>,
        model: String as PaddedBy<20, 20, 30>,
        terminal: String as PaddedBy<7, 7, 30>,
        /// ICCID of the card.
        iccid: String as Digits<10>,
        hardware: String as Text<u8>,
        firmware: String as Text<u8>,
        /// Bit 0 GPS, 1 BeiDou, 2 GLONASS, 3 Galileo.
        gnss: u8,
        /// Bit 0 GPRS, 1 CDMA, 2 TD-SCDMA, 3 WCDMA, 4 CDMA2000, 5 TD-LTE, 7 other.
        network: u8,
    }
}

record! {
    /// 8105.
    Control {
        /// 1 upgrade by air, 2 connect to the server named, 3 switch off, 4 reset, 5 factory settings, 6 close the data
        /// link, 7 close the radio.
        command: u8,
        /// Fields separated by semicolons, for commands 1 and 2.
        parameters: String as TextRest,
    }
}

record! {
    /// 8108: a package of software; longer ones go in parts.
    Upgrade {
        /// 0 terminal, 12 card reader, 52 satellite module.
        kind: u8,
        maker: String as Padded<5>,
        version: String as Text<u8>,
        package: Vec<u8> as Sized32,
    }
}

record! {
    /// 0108.
    UpgradeDone {
        /// As in the upgrade.
        kind: u8,
        /// 0 done, 1 failed, 2 cancelled.
        result: u8,
    }
}
