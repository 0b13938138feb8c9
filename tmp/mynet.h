
#include <eml_net.h>
static const float mynet_layer_0_biases[8] = { -2.109103f, -4.060532f, -4.088945f, -2.333144f, -1.993446f, 1.978996f, -1.993373f, 1.456108f };
static const float mynet_layer_0_weights[16] = { 0.454873f, 0.386519f, 0.478835f, 0.595124f, 0.565463f, -0.413462f, 0.322760f, -0.286030f, 0.130588f, 1.374890f, 1.124828f, 0.866995f, 0.582607f, -0.440126f, 0.588443f, -0.390403f };
static const float mynet_layer_1_biases[3] = { -0.217246f, 0.531591f, -0.314345f };
static const float mynet_layer_1_weights[24] = { -0.352022f, 0.023486f, 0.674007f, -0.591851f, -1.051114f, 1.049179f, -0.306692f, -0.586050f, 1.408584f, -1.264275f, 0.638071f, 0.282070f, -0.590873f, 0.863269f, 0.408431f, 0.724862f, -0.316286f, -0.945637f, -0.769690f, 0.079247f, 0.914445f, 0.487649f, 0.011921f, -0.388995f };
static float mynet_buf1[8];
static float mynet_buf2[8];
static const EmlNetLayer mynet_layers[2] = { 
{ 8, 2, mynet_layer_0_weights, mynet_layer_0_biases, EmlNetActivationTanh }, 
{ 3, 8, mynet_layer_1_weights, mynet_layer_1_biases, EmlNetActivationSoftmax } };
static EmlNet mynet = { 2, mynet_layers, mynet_buf1, mynet_buf2, 8 };

    int32_t
    mynet_predict(const float *features, int32_t n_features)
    {
        return eml_net_predict(&mynet, features, n_features);
    }
    

    int32_t
    mynet_regress(const float *features, int32_t n_features, float *out, int32_t out_length)
    {
        return eml_net_regress(&mynet, features, n_features, out, out_length);
    }
    

    float
    mynet_regress1(const float *features, int32_t n_features)
    {
        return eml_net_regress1(&mynet, features, n_features);
    }
    