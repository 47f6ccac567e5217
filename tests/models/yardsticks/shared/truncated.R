# Rows of customers who come under observation late; `truncated_rows.py` in the folder of the tests makes the same.

DAYS_PER_MONTH <- 30.4375

# Numbers between 0 and 1, exact in any language (Park and Miller, 1988).
draws <- function(seed, rows, columns) {
  state <- seed
  made <- numeric(rows * columns)
  for (place in seq_along(made)) {
    state <- (16807 * state) %% 2147483647
    made[place] <- state / 2147483647
  }
  matrix(made, rows, columns)
}

# Customers who joined up to `before` months before a window of observation, or in it. Who left before it is not seen.
truncated <- function(seed, customers, life, window, before, unit) {
  u <- draws(seed, customers, 7)
  score <- floor(2000 * u[, 3]) / 1000 - 1
  bound <- as.integer(u[, 4] < 0.3)
  calls <- floor(5 * u[, 5])
  joined <- floor(u[, 1] * (before + window) * unit) - before * unit
  lifetime <- ceiling(-life * unit * log(u[, 2]) * exp(-(0.8 * score + 0.5 * bound - 0.2 * calls)))
  entry <- pmax(0, -joined)
  end <- window * unit - joined
  made <- data.frame(entry = entry / unit, exit = pmin(lifetime, end) / unit, event = as.integer(lifetime <= end),
                     score, bound, calls, stratum = floor(3 * u[, 6]), cluster = (seq_len(customers) - 1) %/% 3,
                     kind = 1 + (u[, 7] < 0.4))
  made[made$exit > made$entry, ]
}

months <- truncated(11, 1500, life = 20, window = 12, before = 36, unit = 1)
days <- truncated(12, 2500, life = 20, window = 9, before = 48, unit = DAYS_PER_MONTH)
