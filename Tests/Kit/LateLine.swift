import Transport

/// A thread beside a session, without a thread: a piece is done when it was asked for a few times,
/// or when it is waited for.
package final class LateLine: Sideline {
  private var dice: SessionDice
  private var piece: (() -> Void)?
  private var patience = 0

  package init(seed: UInt64) { dice = SessionDice(seed) }

  package var isBusy: Bool {
    patience -= 1
    if patience < 0 { wait() }
    return piece != nil
  }

  package func begin(_ piece: @escaping () -> Void) {
    wait()
    self.piece = piece
    patience = dice.below(6)
  }

  package func wait() {
    let piece = piece
    self.piece = nil
    piece?()
  }
}
