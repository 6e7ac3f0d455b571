<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology" hasScaleBasedVisibilityFlag="0">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="0.8" alphaBand="-1" nodataColor="" classificationMin="0" classificationMax="4">
      <rasterTransparency/>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0" maximumValue="4">
          <item value="0.5" color="#f6e8c3" alpha="255" label="0 to 0.5 m"/>
          <item value="1" color="#dfc27d" alpha="255" label="0.5 to 1 m"/>
          <item value="1.5" color="#d8a657" alpha="255" label="1 to 1.5 m"/>
          <item value="2" color="#bf812d" alpha="255" label="1.5 to 2 m"/>
          <item value="3" color="#a6611a" alpha="255" label="2 to 3 m"/>
          <item value="4" color="#8c510a" alpha="255" label="3 to 4 m"/>
          <item value="inf" color="#543005" alpha="255" label="more than 4 m"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
