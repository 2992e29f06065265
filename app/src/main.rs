//! The program `beffroi`: arguments in, exit code out.

fn main() {}
