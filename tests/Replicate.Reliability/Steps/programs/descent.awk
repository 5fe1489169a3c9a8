# Fits 5,000 weights by gradient descent, and keeps a copy of what it saved at each step:
# awk -v order=before|after -v copies=DIRECTORY [-v epochs=8] -f descent.awk
function save(file,    i) {
    for (i = 1; i <= count; i++) printf "%d %d %.12f\n", epoch, i, weight[i] > file
    close(file)
}
BEGIN {
    if (epochs == "") epochs = 8
    count = 5000
    for (epoch = 1; epoch <= epochs; epoch++) {
        for (pass = 1; pass <= 50; pass++) {
            loss = 0
            for (i = 1; i <= count; i++) {
                error = weight[i] - i / count
                weight[i] -= 0.02 * error
                loss += error * error / count
            }
        }
        if (order == "before") save("weights.txt")
        printf "epoch %d loss: %.6f\n", epoch, loss
        fflush()
        if (order != "before") save("weights.txt")
        save(copies "/" epoch)
    }
}
