"""What `bin/bench` runs: the speed of the real product, over HTTP, on data of real size. One JSON line for each figure."""
