//! The real program in real terminals: tmux draws, OpenSSH lets in, processes are killed. Black-box: knows the command
//! line, the keys and the screens; must not know the library. Every wait ends by what shows, none by a clock.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod colour;
mod crash;
mod door;
mod local;
mod neighbours;
mod office;
mod resume;
mod sshd;
mod stop;
mod tmux;
